"""Which verbs there are, in the order help lists them, and what may be said with each.

A verb is a function of a module beside this one: its name is what is typed, its docstring the
help, its answer the exit code.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

from trueup.commands import (
    company,
    explain,
    landing,
    mart,
    moments,
    on_call,
    query,
    run,
    signals,
)

Command = Callable[[argparse.Namespace], int]
#: Adds a command's verb to the command line, and gives what takes the verb's arguments.
AddVerb = Callable[[Command], argparse.ArgumentParser]
ROWS_BY_DAY = "select _day, count(*) as row_count from known group by 1 order by 1"
#: `show all tables` has all their columns in one cell.
TABLES = "select table_schema, table_name from information_schema.tables order by all"


def parser() -> argparse.ArgumentParser:
    """The command line of `trueup`; what it parses holds the verb's function as `command`."""
    whole = argparse.ArgumentParser(
        prog="trueup", description="`trueup ...`: everything the DAGs do, by hand."
    )
    whole.add_argument(
        "--company", help="the company file (default: $TRUEUP_COMPANY or company.yml)"
    )
    verbs = whole.add_subparsers(required=True, metavar="VERB")

    def verb(command: Command) -> argparse.ArgumentParser:
        name = command.__name__.replace("_", "-")
        chosen = verbs.add_parser(name, help=command.__doc__, description=command.__doc__)
        chosen.set_defaults(command=command)
        return chosen

    for add in (_company, _landing, _mart, _signals, _on_call, _query, _explain, _run):
        add(verb)
    return whole


def _company(verb: AddVerb) -> None:
    verb(company.check)
    verb(company.schema).add_argument(
        "file", nargs="?", help="write it here instead of printing it"
    )
    verb(company.docs)


def _landing(verb: AddVerb) -> None:
    land = verb(landing.land)
    land.add_argument("source")
    land.add_argument(
        "--day",
        type=moments.day,
        help="the newest day to land (default: yesterday, or history.end)",
    )
    land.add_argument("--stream", action="append", default=[], help="only this stream")
    land.add_argument(
        "--accept-empty", action="store_true", help="empty days, shrunken fetches and jumps pass"
    )
    land.add_argument(
        "--no-gate", action="store_true", help="leave the landing gate to a later call"
    )
    verb(landing.loads).add_argument("source", nargs="?")
    rejects = verb(landing.rejects)
    rejects.add_argument("source", nargs="?")
    rejects.add_argument("--all", action="store_true", help="every row, not the first 1,000 each")
    reject = verb(landing.reject)
    reject.add_argument("load", help="a load's id, or SOURCE.STREAM.FEED for all of a feed's")
    reject.add_argument("--why", required=True)
    verb(landing.restore).add_argument("load", help="a load's id, as `trueup loads` lists it")
    as_of = verb(landing.as_of)
    as_of.add_argument(
        "moment", type=moments.instant, nargs="?",
        help="`now`, or an instant such as 2026-09-15T06:00:00Z; without one, those there are",
    )  # fmt: skip
    as_of.add_argument("source")
    as_of.add_argument("stream")
    as_of.add_argument("--sql", default=ROWS_BY_DAY, help="a query on table `known`")


def _mart(verb: AddVerb) -> None:
    verb(mart.build).add_argument(
        "--day", type=moments.day, help="the last day the mart is to cover"
    )
    verb(mart.compare)
    verb(mart.gate)
    publish = verb(mart.publish)
    publish.add_argument("--release", metavar="WHO", help="publish in spite of a hold; recorded")
    publish.add_argument("--why", default="")
    verb(mart.rollback)
    verb(mart.report)


def _signals(verb: AddVerb) -> None:
    accept = verb(signals.accept)
    accept.add_argument(
        "signal",
        help="as health.fct_tracking_signals calls it, or an incident's id: all of its signals",
    )
    accept.add_argument("--dimension", default="", help="only of this one (default: of all)")
    accept.add_argument("--segment", default="", help="only of this one (default: of all)")
    accept.add_argument("--from", dest="since", type=moments.day, metavar="DAY")
    accept.add_argument("--why", default="", help="needed to accept")
    accept.add_argument("--undo", action="store_true", help="take back what was accepted of it")
    watch = verb(signals.watch)
    watch.add_argument("table", help="a Parquet or CSV file, or a table of the published mart")
    watch.add_argument("--date", required=True, metavar="COLUMN")
    watch.add_argument("--numerator", required=True, metavar="COLUMN")
    watch.add_argument("--denominator", required=True, metavar="COLUMN")
    watch.add_argument("--by", default="", metavar="COLUMN", help="one series for each value")
    watch.add_argument(
        "--worse", choices=("fall", "rise", "either"), default="either",
        help="which way the ratio breaks (default: either)",
    )  # fmt: skip


def _on_call(verb: AddVerb) -> None:
    verb(on_call.status)
    incidents = verb(on_call.incidents)
    incidents.add_argument("--over", type=int, default=10, help="how many that are over")
    ack = verb(on_call.ack)
    ack.add_argument("incident", help="as `trueup incidents` lists it, or the start of that")
    ack.add_argument("--why", default="", help="what is being done")
    mute = verb(on_call.mute)
    mute.add_argument("incident", help="as `trueup incidents` lists it, or the start of that")
    mute.add_argument("--until", required=True, help="12h, 3d, a day or an instant")
    mute.add_argument("--why", required=True)
    verb(on_call.unmute).add_argument("incident", help="as `trueup incidents` lists it")
    tried = verb(on_call.test_alerts)
    tried.add_argument(
        "receivers",
        nargs="*",
        help="as the company file calls them; `webhook` is TRUEUP_WEBHOOK_URL's",
    )


def _query(verb: AddVerb) -> None:
    asked = verb(query.query)
    asked.add_argument(
        "sql", nargs="?", default=TABLES,
        help="a query; without one, the tables there are (docs/marts.md says what they hold)",
    )  # fmt: skip
    asked.add_argument("--csv", action="store_true", help="as CSV, for a file or another program")
    place = asked.add_mutually_exclusive_group()
    place.add_argument("--build", action="store_true", help="on the build, published or not")
    place.add_argument("--load", help="on one load, set aside or not: table `known`")
    place.add_argument(
        "--finding",
        metavar="CAUSE",
        help="the rows a finding of a gate is about, by its cause or its short id",
    )


def _explain(verb: AddVerb) -> None:
    asked = verb(explain.explain)
    asked.add_argument("campaign", help="its id or its name")
    asked.add_argument(
        "--date", type=moments.day, required=True, help="the day the platform puts its claims on"
    )


def _run(verb: AddVerb) -> None:
    whole_day = verb(run.run)
    whole_day.add_argument(
        "--day", type=moments.day, help="the day to land (default: yesterday, or history.end)"
    )
    whole_day.add_argument(
        "--without-airflow", action="store_true", help="all steps in this process"
    )
    verb(run.up)
    verb(run.down)
    verb(run.airflow).add_argument("arguments", nargs=argparse.REMAINDER)
