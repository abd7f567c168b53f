# trueup: every verb a person types. `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help

COMPANY ?= company.yml
PYTHON ?= python3
TRUEUP_HOME ?= $(CURDIR)/var
export TRUEUP_HOME
export TRUEUP_COMPANY := $(abspath $(COMPANY))
export GX_ANALYTICS_ENABLED := false
export DO_NOT_TRACK := 1
# A day starts some thirty Python processes: what one has compiled, the next one reads.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
SANDBOX := PYTHONPATH=tests $(BIN)/python -m sandbox
# The demo company talks to the sandbox; every other company to its own systems or files.
IS_DEMO := $(filter company.yml,$(COMPANY))
DEMO_ENV := $(if $(IS_DEMO),eval "$$($(SANDBOX) env)" &&,set -a; [ ! -f .env ] || . ./.env; set +a;)
DEMO_DAY := $(if $(IS_DEMO),--day "$$($(SANDBOX) yesterday)",)

# The sandbox's vendors need the test dependencies, a company of one's own does not.
help: ## list these verbs
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

# The demo's vendors make their world while Airflow starts.
run: $(if $(IS_DEMO),.venv/test,.venv/ready) ## land, reconcile, gate and publish a day through Airflow (COMPANY=path for another company)
	@$(if $(IS_DEMO),$(SANDBOX) start,true)
	@$(DEMO_ENV) $(BIN)/trueup up && $(if $(IS_DEMO),$(SANDBOX) up,true) && $(BIN)/trueup run $(DEMO_DAY)

tomorrow: .venv/test ## move the sandbox's clock one day and run the daily cycle
	@$(if $(IS_DEMO),true,echo 'only the demo company has a tomorrow; another is run again: make run COMPANY=$(COMPANY)'; exit 1)
	@$(SANDBOX) up && $(SANDBOX) tomorrow
	@eval "$$($(SANDBOX) env)" && $(BIN)/trueup run --day "$$($(SANDBOX) yesterday)"

up: $(if $(IS_DEMO),.venv/test,.venv/ready) ## start the sandbox and Airflow and leave them running
	@$(if $(IS_DEMO),$(SANDBOX) up,true)
	@$(DEMO_ENV) $(BIN)/trueup up

down: .venv/ready ## stop what `make up` and `make run` left running
	@$(BIN)/trueup down
	@$(if $(IS_DEMO),$(SANDBOX) down,true)

test: .venv/test ## run every test
	@$(BIN)/pytest -n 4 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: .venv/test ## check style and types: Python, SQL, YAML
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/sqlfluff lint --processes 2 dbt_project
	@$(BIN)/yamllint --strict .

fmt: .venv/test ## put code into house style
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .
	@$(BIN)/sqlfluff fix --processes 2 dbt_project

bench: .venv/test ## measure build time, memory and matching quality on this machine
	@PYTHONPATH=tests $(BIN)/python -m bench $(ARGS)

docs: .venv/ready ## write what is written from declarations: JSON Schema, staging contracts, tables of docs/
	@$(BIN)/trueup schema company.schema.json
	@$(BIN)/trueup docs

clean: ## remove all state (var/) and the environment (.venv/)
	@[ ! -x $(BIN)/trueup ] || $(MAKE) --no-print-directory down
	rm -rf var .venv

# Python 3.11+ is all that is needed: uv comes first, checked by hash, and installs the rest.
.venv/uv: requirements-uv.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Python 3.11 or newer is needed (PYTHON=...)'; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	touch $@

.venv/ready: .venv/uv requirements.lock pyproject.toml
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --no-deps -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	touch $@

.venv/test: .venv/ready requirements-test.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --no-deps -r requirements-test.lock
	touch $@

lock: .venv/uv ## resolve the dependencies again (both lock files)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra test -c requirements.lock -o requirements-test.lock pyproject.toml

.PHONY: help run tomorrow up down test lint fmt bench docs clean lock
