"""The verbs that run a whole day, and the Airflow on this machine that does."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from trueup.commands import moments

if TYPE_CHECKING:
    from trueup.company.workspace import Workspace


def run(arguments: argparse.Namespace) -> int:
    """land every source, build, gate and publish one day, through Airflow"""
    from trueup import pipeline
    from trueup.company import workspace
    from trueup.reports import status

    day, work = arguments.day or moments.yesterday(), workspace.current()
    try:
        if arguments.without_airflow:
            pipeline.run_day(day)
        else:
            from trueup.local_airflow import service

            with _models_parsed_beside(work):
                service.run_day(date.fromisoformat(day))
    finally:
        if status.has_something(work):
            print(status.render(work))
    return 0


@contextmanager
def _models_parsed_beside(work: Workspace) -> Iterator[None]:
    """dbt parses the models while the block runs, if it never did: a quarter of a first build, and
    a processor has nothing to do while Airflow starts. What fails here, the build says itself."""
    from trueup.build import dbt

    with ThreadPoolExecutor(1) as beside:
        if not dbt.is_parsed(work.state.dbt):
            beside.submit(
                dbt.parse,
                work.settings.dbt_project,
                work.state.build_file,
                work.state.dbt,
                work.company.sources,
            )
        yield


def up(arguments: argparse.Namespace) -> int:
    """start Airflow on this machine and leave it running"""
    from trueup import settings
    from trueup.local_airflow import service

    service.start(settings.read().home)
    return 0


def down(arguments: argparse.Namespace) -> int:
    """stop the Airflow that `up` started"""
    from trueup import settings
    from trueup.local_airflow import service

    service.stop(settings.read().home)
    return 0


def airflow(arguments: argparse.Namespace) -> int:
    """run Airflow's own command line on what `up` started, such as `backfill create`"""
    from trueup import settings
    from trueup.local_airflow import service

    return service.airflow(settings.read().home, arguments.arguments)
