"""`trueup ...`: everything the DAGs do, by hand."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from trueup.errors import TrueupError, of_machine

Command = Callable[[argparse.Namespace], int]
ROWS_BY_DAY = "select _day, count(*) as row_count from known group by 1 order by 1"


def main(argv: list[str] | None = None) -> int:
    from trueup import settings

    arguments = _parser().parse_args(argv)
    settings.keep_private()
    if arguments.company:
        os.environ["TRUEUP_COMPANY"] = str(Path(arguments.company).resolve())
    try:
        code = arguments.command(arguments)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # `trueup status | head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except TrueupError as error:
        print(f"trueup: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        if (trouble := of_machine(error, "the command did not come to its end")) is None:
            raise
        print(f"trueup: {trouble}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="trueup", description=__doc__)
    parser.add_argument(
        "--company", help="the company file (default: $TRUEUP_COMPANY or company.yml)"
    )
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    def verb(command: Command, **options: Any) -> argparse.ArgumentParser:
        name = command.__name__.strip("_").replace("_", "-")
        chosen = verbs.add_parser(
            name, help=command.__doc__, description=command.__doc__, **options
        )
        chosen.set_defaults(command=command)
        return chosen

    verb(_check)
    verb(_schema).add_argument("file", nargs="?", help="write it here instead of printing it")
    verb(_docs)
    land = verb(_land)
    land.add_argument("source")
    land.add_argument(
        "--day", type=_day, help="the newest day to land (default: yesterday, or history.end)"
    )
    land.add_argument("--stream", action="append", default=[], help="only this stream")
    land.add_argument(
        "--accept-empty", action="store_true", help="empty days, shrunken fetches and jumps pass"
    )
    land.add_argument(
        "--no-gate", action="store_true", help="leave the landing gate to a later call"
    )
    loads = verb(_loads)
    loads.add_argument("source", nargs="?")
    verb(_rejects).add_argument("source", nargs="?")
    reject = verb(_reject)
    reject.add_argument("load", help="a load's id, or SOURCE.STREAM.FEED for all of a feed's")
    reject.add_argument("--why", required=True)
    verb(_restore).add_argument("load", help="a load's id, as `trueup loads` lists it")
    as_of = verb(_as_of)
    as_of.add_argument(
        "moment", type=_instant, nargs="?",
        help="`now`, or an instant such as 2026-09-15T06:00:00Z; without one, those there are",
    )  # fmt: skip
    as_of.add_argument("source")
    as_of.add_argument("stream")
    as_of.add_argument("--sql", default=ROWS_BY_DAY, help="a query on table `known`")
    verb(_build).add_argument("--day", type=_day, help="the last day the mart is to cover")
    verb(_compare)
    verb(_gate)
    publish = verb(_publish)
    publish.add_argument("--release", metavar="WHO", help="publish in spite of a hold; recorded")
    publish.add_argument("--why", default="")
    verb(_rollback)
    accept = verb(_accept)
    accept.add_argument("signal", help="as health.fct_tracking_signals calls it")
    accept.add_argument("--dimension", default="", help="only of this one (default: of all)")
    accept.add_argument("--segment", default="", help="only of this one (default: of all)")
    accept.add_argument("--from", dest="since", type=_day, required=True, metavar="DAY")
    accept.add_argument("--why", required=True)
    watch = verb(_watch)
    watch.add_argument("table", help="a Parquet or CSV file, or a table of the published mart")
    watch.add_argument("--date", required=True, metavar="COLUMN")
    watch.add_argument("--numerator", required=True, metavar="COLUMN")
    watch.add_argument("--denominator", required=True, metavar="COLUMN")
    watch.add_argument("--by", default="", metavar="COLUMN", help="one series for each value")
    verb(_status)
    verb(_incidents).add_argument("--over", type=int, default=10, help="how many that are over")
    ack = verb(_ack)
    ack.add_argument("incident", help="as `trueup incidents` lists it, or the start of that")
    ack.add_argument("--why", default="", help="what is being done")
    mute = verb(_mute)
    mute.add_argument("incident", help="as `trueup incidents` lists it, or the start of that")
    mute.add_argument("--until", required=True, help="12h, 3d, a day or an instant")
    mute.add_argument("--why", required=True)
    verb(_unmute).add_argument("incident", help="as `trueup incidents` lists it")
    query = verb(_query)
    query.add_argument(
        "sql", nargs="?",
        # `show all tables` has all their columns in one cell
        default="select table_schema, table_name from information_schema.tables order by all",
        help="a query; without one, the tables there are (docs/marts.md says what they hold)",
    )  # fmt: skip
    place = query.add_mutually_exclusive_group()
    place.add_argument("--build", action="store_true", help="on the build, published or not")
    place.add_argument("--load", help="on one load, set aside or not: table `known`")
    place.add_argument("--finding", metavar="CAUSE", help="the rows a finding of a gate is about")
    run = verb(_run)
    run.add_argument(
        "--day", type=_day, help="the day to land (default: yesterday, or history.end)"
    )
    run.add_argument("--without-airflow", action="store_true", help="all steps in this process")
    verb(_up)
    verb(_down)
    verb(_airflow).add_argument("arguments", nargs=argparse.REMAINDER)
    return parser


def _check(arguments: argparse.Namespace) -> int:
    """read the company file with all it names, and list everything that is wrong"""
    from trueup import settings
    from trueup.alerts import route_remarks
    from trueup.company import company_file, full_check, remarks, unlisted_feeds, workspace
    from trueup.errors import CompanyFileError

    config = settings.read()
    found = full_check.look(config.company_file)
    if found.problems or found.secrets:
        raise CompanyFileError(config.company_file, found.problems, found.secrets)
    chosen = company_file.read(config.company_file)
    sources = f"{len(chosen.sources)} source{'' if len(chosen.sources) == 1 else 's'}"
    print(f"{config.company_file}: {chosen.title}, {sources}, all well")
    found_odd = remarks.lines(chosen, config.company_file.parent)
    for line in (*found_odd, *route_remarks.lines(chosen.alerts)):
        print(f"remark: {line}")
    for line in unlisted_feeds.lines(workspace.current()):
        print(line)
    return 0


def _schema(arguments: argparse.Namespace) -> int:
    """export the company file's JSON Schema, for editors"""
    from trueup.company import company_file

    text = json.dumps(company_file.json_schema(), indent=2) + "\n"
    if arguments.file:
        Path(arguments.file).write_text(text, encoding="utf-8")
    else:
        print(text, end="")
    return 0


def _docs(arguments: argparse.Namespace) -> int:
    """write what is written from declarations: contracts of staging models, tables of the pages"""
    from trueup import settings
    from trueup.build import contracts, mart_pages
    from trueup.sources import reference

    config = settings.read()
    docs = config.project / "docs"
    written = [
        *contracts.files(config.dbt_project),
        *reference.files(docs),
        *mart_pages.files(docs, config.dbt_project),
    ]
    for path, text in written:
        path.write_text(text, encoding="utf-8")
        print(path)
    return 0


def _land(arguments: argparse.Namespace) -> int:
    """land one source up to a day, then gate the loads"""
    from trueup import pipeline

    landed = pipeline.land(
        arguments.source,
        arguments.day or _yesterday(),
        streams=arguments.stream,
        accept_empty=arguments.accept_empty,
    )
    if arguments.no_gate:
        pipeline.check_delivered(landed)
    else:
        verdict = pipeline.gate_landing(arguments.source, landed.loads, landed.failed)
        pipeline.require_delivered(landed, verdict)
    return 0


def _loads(arguments: argparse.Namespace) -> int:
    """list committed loads, newest last, those set aside, and those refused"""
    from trueup.company import workspace
    from trueup.landing import described

    for line in described.loads(workspace.current(), arguments.source):
        print(line)
    return 0


def _rejects(arguments: argparse.Namespace) -> int:
    """list every input row that is not used, with its reason, also of loads that are not"""
    from trueup.company import workspace
    from trueup.landing import described

    for line in described.rows_set_aside(workspace.current(), arguments.source):
        print(line)
    return 0


def _reject(arguments: argparse.Namespace) -> int:
    """set a load aside: the next build behaves as if it never came"""
    from trueup import corrections

    corrections.reject(arguments.load, arguments.why)
    return 0


def _restore(arguments: argparse.Namespace) -> int:
    """take a load back that was set aside"""
    from trueup import corrections

    corrections.restore(arguments.load)
    return 0


def _as_of(arguments: argparse.Namespace) -> int:
    """query a stream's rows as they were known at an earlier moment, or list the moments"""
    from trueup.reports import lookups

    if arguments.moment:
        print(lookups.as_of(arguments.moment, arguments.source, arguments.stream, arguments.sql))
    else:
        for line in lookups.moments(arguments.source, arguments.stream):
            print(line)
    return 0


def _build(arguments: argparse.Namespace) -> int:
    """apply new loads and run dbt into the private build file"""
    from trueup import pipeline

    pipeline.build(arguments.day)
    return 0


def _compare(arguments: argparse.Namespace) -> int:
    """build afresh into another file and name every mart and day that differs; exit 1 if any"""
    from trueup import pipeline

    pipeline.compare()
    return 0


def _gate(arguments: argparse.Namespace) -> int:
    """judge the built marts; exit 0 pass or warn, 2 hold, 3 gate-error"""
    from trueup import pipeline

    return {"pass": 0, "warn": 0, "hold": 2, "gate-error": 3}[pipeline.gate_mart().outcome]


def _publish(arguments: argparse.Namespace) -> int:
    """put the built marts in place, unless the last verdict holds them"""
    from trueup import pipeline

    pipeline.publish_unless_held(arguments.release, arguments.why)
    return 0


def _rollback(arguments: argparse.Namespace) -> int:
    """go back to the mart published before this one"""
    from trueup import corrections

    print(f"now published: {corrections.rollback()}")
    return 0


def _accept(arguments: argparse.Namespace) -> int:
    """expect of a tracking signal what it is from a day on: a lasting change that is wanted"""
    from trueup import corrections

    corrections.accept(
        arguments.signal, arguments.dimension, arguments.segment,
        date.fromisoformat(arguments.since), arguments.why,
    )  # fmt: skip
    return 0


def _watch(arguments: argparse.Namespace) -> int:
    """find the breaks of a ratio of two columns, by day"""
    from trueup.reports import breaks

    columns = breaks.Columns(
        arguments.date, arguments.numerator, arguments.denominator, arguments.by
    )
    print(breaks.watch(arguments.table, columns))
    return 0


def _status(arguments: argparse.Namespace) -> int:
    """print what is open, the verdict, rows set aside, what is missing, and the published mart"""
    from trueup.company import workspace
    from trueup.reports import status

    print(status.render(workspace.current()))
    return 0


def _incidents(arguments: argparse.Namespace) -> int:
    """list what is open, with its age, severity, money and suspected change, and what was lately"""
    from trueup.alerts import by_hand

    for line in by_hand.lines(arguments.over):
        print(line)
    return 0


def _ack(arguments: argparse.Namespace) -> int:
    """say that you are at work on an incident: it is not told again unless it pages"""
    from trueup.alerts import by_hand

    print(by_hand.acknowledge(arguments.incident, arguments.why))
    return 0


def _mute(arguments: argparse.Namespace) -> int:
    """hear nothing of an incident until a day or for a time, except that it is over"""
    from trueup.alerts import by_hand

    print(by_hand.mute(arguments.incident, arguments.until, arguments.why))
    return 0


def _unmute(arguments: argparse.Namespace) -> int:
    """take a mute back"""
    from trueup.alerts import by_hand

    print(by_hand.unmute(arguments.incident))
    return 0


def _query(arguments: argparse.Namespace) -> int:
    """print the answer of a SQL query on the published mart, opened read-only"""
    from trueup.reports import lookups

    if arguments.finding:
        return main(lookups.command_of(arguments.finding))
    if arguments.load:
        print(lookups.query_load(arguments.load, arguments.sql))
    else:
        print(lookups.query(arguments.sql, on_build=arguments.build))
    return 0


def _run(arguments: argparse.Namespace) -> int:
    """land every source, build, gate and publish one day, through Airflow"""
    from trueup import pipeline
    from trueup.company import workspace
    from trueup.reports import status

    day = arguments.day or _yesterday()
    try:
        if arguments.without_airflow:
            pipeline.run_day(day)
        else:
            from trueup.local_airflow import service

            service.run_day(date.fromisoformat(day))
    finally:
        if status.has_something(work := workspace.current()):
            print(status.render(work))
    return 0


def _up(arguments: argparse.Namespace) -> int:
    """start Airflow on this machine and leave it running"""
    from trueup import settings
    from trueup.local_airflow import service

    service.start(settings.read().home)
    return 0


def _down(arguments: argparse.Namespace) -> int:
    """stop the Airflow that `up` started"""
    from trueup import settings
    from trueup.local_airflow import service

    service.stop(settings.read().home)
    return 0


def _airflow(arguments: argparse.Namespace) -> int:
    """run Airflow's own command line on what `up` started, such as `backfill create`"""
    from trueup import settings
    from trueup.local_airflow import service

    return service.airflow(settings.read().home, arguments.arguments)


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day, like 2026-09-15") from None


def _instant(text: str) -> datetime:
    if text == "now":
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not an instant, like 2026-09-15T06:00:00Z"
        ) from None
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text} has no UTC offset: append Z or +01:00")
    return moment


def _yesterday() -> str:
    """The newest whole day of the reporting zone, or the company's last day if that is past."""
    from trueup import settings
    from trueup.company import company_file

    chosen = company_file.read(settings.read().company_file)
    return chosen.newest_day(datetime.now(UTC)).isoformat()


if __name__ == "__main__":
    sys.exit(main())
