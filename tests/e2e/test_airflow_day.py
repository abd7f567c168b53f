"""One day through real Airflow processes, then Airflow's own backfill: the same mart.

Four of the demo's sources, as each costs Airflow two tasks and tells it nothing that another has
not: a platform, a witness, the shop and the rates. All of them land and build in other tests.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryFile

import duckdb
import pytest
import yaml

from built import PROJECT, Company
from e2e.test_promises import digest, publish
from trueup.local_airflow import rest
from trueup.local_airflow.processes import recall

SOURCES = ("fx_rates", "ga4", "google_ads", "shopify")
#: Ends what hangs: a busy machine takes minutes for what takes one elsewhere.
HANGS_AFTER_SECONDS = 1200


def trueup(company: Company, *arguments: str) -> str:
    """One `trueup` command in the company's environment; fails with its output."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "TRUEUP"))}
    environment = {**inherited, **company.environment, "PYTHONPATH": str(PROJECT / "plugins")}
    # A file, as what the command leaves running would hold a pipe open.
    with TemporaryFile("w+") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "trueup", *arguments],
            env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            code = process.wait(HANGS_AFTER_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            code = process.wait()
        output.seek(0)
        said = output.read()
    assert code == 0, said[-3000:]
    return said


@pytest.fixture(scope="module")
def company(landed_company: Company, tmp_path_factory) -> Iterator[Company]:
    folder = tmp_path_factory.mktemp("airflow")
    file = of_few_sources(landed_company.company_file, folder / "company.yml")
    own = landed_company.copy_to(folder)
    environment = own.environment | {"TRUEUP_COMPANY": str(file)}
    own = replace(own, company_file=file, environment=environment)
    yield own
    trueup(own, "down")


def of_few_sources(company_file: Path, into: Path) -> Path:
    """The company with SOURCES alone, and the goals that are theirs."""
    company = yaml.safe_load(company_file.read_text("utf-8"))
    company["sources"] = {name: company["sources"][name] for name in SOURCES}
    for goal in company["goals"].values():
        goal["mappings"] = [one for one in goal["mappings"] if one["source"] in SOURCES]
    company["goals"] = {
        name: goal for name, goal in company["goals"].items()
        if goal["mappings"] and goal.get("becomes", ["shop_order"]) == ["shop_order"]
    }  # fmt: skip
    for rules in ("channels", "retargeting"):
        company[rules] = [
            one for one in company[rules] if one.get("platform", SOURCES[0]) in SOURCES
        ]
    into.write_text(yaml.safe_dump(company, sort_keys=False), "utf-8")
    return into


def test_a_day_goes_all_the_way_to_the_published_mart(company: Company, sandbox):
    output = trueup(company, "run", "--day", company.day)
    for source in SOURCES:
        assert f"ingest_{source}.gate success" in output
    assert "build_mart.publish success" in output
    assert "reconciled ROAS" in output  # of the table that is shown at the end
    with duckdb.connect(str(company.place.mart), read_only=True) as con:
        through = con.execute("select through_date from health.fct_build").fetchone()[0]
    assert str(through) == company.day


def test_airflows_own_backfill_gives_the_same_mart(company: Company, sandbox):
    before = digest(company.place.mart)
    range_ = ("--from-date", "2026-09-01", "--to-date", "2026-09-03")
    trueup(company, "airflow", "backfill", "create", "--dag-id", "ingest_shopify", *range_)
    loads = wait_for_runs(company, "ingest_shopify", {"2026-09-01", "2026-09-02"})
    assert loads == {"success"}
    assert publish(company) == before


def wait_for_runs(company: Company, dag: str, days: set[str]) -> set[str]:
    """The end states of the runs of `dag` for `days`."""
    folder = company.home / "airflow"
    running = recall(folder / "standalone.json")
    airflow = rest.Airflow(running.url, folder)
    deadline = time.monotonic() + HANGS_AFTER_SECONDS
    while time.monotonic() < deadline:
        runs = airflow.call(f"dags/{dag}/dagRuns?limit=50")["dag_runs"]
        ended = {
            run["partition_key"][:10]: run["state"]
            for run in runs
            if run["state"] in ("success", "failed")
        }
        if days <= ended.keys():
            return {ended[day] for day in days}
        time.sleep(1)
    raise AssertionError(f"{dag} has not run {days}; there is {Path(company.home)}")
