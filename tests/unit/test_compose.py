"""The team deployment as far as it can be checked without a container engine."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from trueup import settings
from trueup.company.company_file import read

PROJECT = Path(__file__).parents[2]
AIRFLOW = ["airflow-init", "api-server", "dag-processor", "scheduler", "triggerer"]
LONG_RUNNING = ["api-server", "dag-processor", "postgres", "sandbox", "scheduler", "triggerer"]
SERVICE_KEYS = {
    "build", "command", "depends_on", "env_file", "environment", "healthcheck", "image", "init",
    "network_mode", "ports", "profiles", "restart", "volumes",
}  # fmt: skip


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def documented() -> dict[str, str]:
    """The variables of .env.example with their values."""
    lines = (PROJECT / ".env.example").read_text(encoding="utf-8").splitlines()
    assigned = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Z][A-Z0-9_]*=\S*", line) for line in assigned)
    return dict(line.split("=", 1) for line in assigned)


def test_services_are_exactly_these(compose: dict[str, Any]) -> None:
    assert sorted(compose["services"]) == sorted({*AIRFLOW, *LONG_RUNNING})
    assert set(compose) == {"x-airflow", "x-airflow-environment", "services", "volumes"}
    for name, service in compose["services"].items():
        assert set(service) <= SERVICE_KEYS, name
        assert service["image"], name


def test_metadata_is_on_postgres_16_and_tasks_run_in_the_scheduler(compose: dict[str, Any]) -> None:
    assert compose["services"]["postgres"]["image"] == "postgres:16"
    for name in AIRFLOW:
        environment = compose["services"][name]["environment"]
        assert environment["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor"
        assert "@postgres/" in environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]


def test_airflow_services_share_keys_the_execution_api_and_state(compose: dict[str, Any]) -> None:
    """Tasks speak to the api-server with tokens the scheduler signs; all of them read one state."""
    for name in set(AIRFLOW) - {"airflow-init"}:
        service = compose["services"][name]
        environment = service["environment"]
        for key in ("AIRFLOW__API_AUTH__JWT_SECRET", "AIRFLOW__CORE__FERNET_KEY"):
            assert environment[key] == f"${{{key}:?set it in .env}}"
        api = environment["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"]
        assert api == "http://api-server:8080/execution/"
        assert "state:/var/lib/trueup" in service["volumes"]


def test_each_service_is_given_its_own_secrets_alone(compose: dict[str, Any]) -> None:
    """Vendors' secrets and the webhook are for tasks; whoever reads one service has that one's."""
    secret = re.compile(r"TRUEUP_SECRET|WEBHOOK|PASSWORD|FERNET|JWT_SECRET|SQL_ALCHEMY")
    given = {
        name: {
            key
            for key in service.get("environment", {})
            if secret.search(key) and "FILE" not in key
        }
        for name, service in compose["services"].items()
    }
    database = {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"}
    keys = {"AIRFLOW__CORE__FERNET_KEY", "AIRFLOW__API_AUTH__JWT_SECRET"}
    assert given == {
        "postgres": {"POSTGRES_PASSWORD"}, "airflow-init": database, "sandbox": set(),
        **dict.fromkeys(set(AIRFLOW) - {"airflow-init"}, database | keys),
    }  # fmt: skip
    with_file = [name for name, service in compose["services"].items() if "env_file" in service]
    assert with_file == ["scheduler"]


def test_commands_are_airflows_own(compose: dict[str, Any]) -> None:
    commands = {name: compose["services"][name]["command"][:2] for name in AIRFLOW}
    assert commands.pop("airflow-init") == ["airflow", "db"]
    assert commands == {name: ["airflow", name] for name in commands}


def test_nothing_starts_before_what_it_needs(compose: dict[str, Any]) -> None:
    needs = {name: service.get("depends_on", {}) for name, service in compose["services"].items()}
    assert needs["airflow-init"] == {"postgres": {"condition": "service_healthy"}}
    for name in set(AIRFLOW) - {"airflow-init"}:
        assert needs[name]["airflow-init"] == {"condition": "service_completed_successfully"}
    assert all(set(wanted) <= set(compose["services"]) for wanted in needs.values())


def test_what_runs_on_has_a_health_check_and_restarts(compose: dict[str, Any]) -> None:
    for name in LONG_RUNNING:
        service = compose["services"][name]
        assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL"), name
        assert {"interval", "timeout", "retries"} <= set(service["healthcheck"]), name
        assert service["restart"] == "unless-stopped", name


def test_ports_are_published_on_loopback_only(compose: dict[str, Any]) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_sandbox_is_a_profile_at_the_address_the_demo_names(compose: dict[str, Any]) -> None:
    assert compose["services"]["sandbox"]["profiles"] == ["sandbox"]
    assert compose["services"]["sandbox"]["network_mode"] == "service:scheduler"
    others = {**compose["services"]}
    del others["sandbox"]
    assert not any("profiles" in service for service in others.values())


def test_named_volumes_are_declared(compose: dict[str, Any]) -> None:
    mounts = [mount for service in compose["services"].values() for mount in service["volumes"]]
    named = {mount.split(":")[0] for mount in mounts if not mount.startswith(("$", ".", "/"))}
    assert named == set(compose["volumes"])


def test_every_variable_is_documented(documented: dict[str, str]) -> None:
    text = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"(?<!\$)\$\{(\w+)", text)) <= set(documented)
    read_by_us = set(re.findall(r'"(TRUEUP_[A-Z_]+)"', Path(settings.__file__).read_text("utf-8")))
    in_the_image = set(re.findall(r"TRUEUP_\w+", (PROJECT / "Dockerfile").read_text("utf-8")))
    assert read_by_us - in_the_image - {settings.SECRET_PREFIX} <= set(documented)


def test_every_secret_of_the_demo_company_is_documented(documented: dict[str, str]) -> None:
    secrets = read(PROJECT / "company.yml").secret_names()
    wanted = {settings.SECRET_PREFIX + name.upper() for name in secrets}
    assert wanted == {name for name in documented if name.startswith(settings.SECRET_PREFIX)}


def test_no_secret_has_a_value(compose: dict[str, Any], documented: dict[str, str]) -> None:
    secret = re.compile(r"TRUEUP_SECRET_|_SECRET$|_KEY$|PASSWORD$")
    assert not [name for name, value in documented.items() if secret.search(name) and value]
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            assert not secret.search(name) or value.startswith("${"), name
    environment = compose["services"]["scheduler"]["environment"]
    assert environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] == (
        "postgresql+psycopg2://${POSTGRES_USER:?set it in .env}"
        ":${POSTGRES_PASSWORD:?set it in .env}@postgres/${POSTGRES_DB:-airflow}"
    )


def test_the_image_takes_its_base_as_an_argument_and_is_not_root() -> None:
    lines = (PROJECT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    instructions = [line for line in lines if re.match(r"[A-Z]+ ", line)]
    assert instructions[0] == "ARG BASE=python:3.11-slim"
    assert instructions[1] == "FROM ${BASE} AS app"
    users = [line for line in instructions if line.startswith(("USER", "FROM"))]
    assert users[1] == "USER trueup" and users[-2] == "USER trueup"
    installs = [line for line in lines if "pip install" in line and "-r " in line]
    assert installs and all("--require-hashes" in line for line in installs)
    copied = {line.split()[1] for line in instructions if line.startswith("COPY")}
    assert {"plugins", "dags", "dbt_project", "expectations"} <= copied
