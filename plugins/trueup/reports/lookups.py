"""What a person looks up by hand: a stream as it was known, and any query."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime, timedelta

import duckdb

from trueup.build import raw_tables
from trueup.build.lock import open_build
from trueup.company import workspace
from trueup.errors import TrueupError
from trueup.gates import verdicts
from trueup.landing.manifest import Load
from trueup.landing.store import Landing
from trueup.reports import locked

#: Commands that show something and change nothing.
SHOWS = frozenset({"query", "loads", "rejects", "as-of", "status"})
#: What to do about a query that does not run.
TABLES = "`trueup query` alone lists what is there"


def as_of(moment: datetime, source: str, stream_name: str, sql: str) -> str:
    """The answer of `sql` over the stream's rows as known at `moment` (table `known`), as text."""
    work = workspace.current()
    stream = work.company.module(source).stream(stream_name)
    loads = work.landing.loads(source, stream.name)
    if loads and loads[0].committed_at > moment:
        first = loads[0].committed_at.astimezone(UTC)
        raise TrueupError(
            f"nothing was known of {source}.{stream_name} at {moment:%Y-%m-%dT%H:%M:%S%z}",
            expected=f"{first:%Y-%m-%dT%H:%M:%SZ} or later, when its first load was committed",
            next_step="name a later moment; `trueup as-of` without one lists those at which what is"
            " known changed",
        )
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        work.landing.attach_to(con)
        named = [account.id for account in work.company.sources[source].accounts]
        raw_tables.read_as_of(con, work.landing, source, stream, moment, named)
        return locked.answer(con, sql, "the rows are in table `known`")


def moments(source: str, stream_name: str) -> list[str]:
    """The moments at which what is known of a stream changed, oldest first: when its loads were
    committed. Each can be handed to `as_of`."""
    work = workspace.current()
    stream = work.company.module(source).stream(stream_name)
    found: dict[str, list[Load]] = {}
    for load in work.landing.loads(source, stream.name):
        # Up to the next whole second, so that the load is known by then.
        known = (load.committed_at + timedelta(seconds=1)).astimezone(UTC)
        found.setdefault(f"{known:%Y-%m-%dT%H:%M:%SZ}", []).append(load)
    lines = []
    for moment, loads in found.items():
        rows = sum(load.row_count for load in loads)
        days = f"{min(x.since for x in loads)} to {max(x.window.last_day for x in loads)}"
        lines.append(f"{moment}  {rows} rows of {days}")
    return lines or [f"nothing of {source}.{stream_name} has been landed"]


def query(sql: str, *, on_build: bool = False, as_csv: bool = False) -> str:
    """The answer of `sql` on the published mart, or on the build, as text."""
    state = workspace.current().state
    if on_build:
        if not state.build_file.exists():
            raise TrueupError("nothing is built yet", next_step="run `trueup build`")
        with open_build(state.build_file, read_only=True) as con:
            # Bulk streams are views on what was landed.
            root = workspace.current().landing.url("")
            return locked.answer(con, sql, TABLES, reads=root, as_csv=as_csv)
    if not state.mart.exists():
        raise TrueupError(
            f"nothing has been published to {state.mart}",
            next_step="`make run`, or by hand `trueup build`, `trueup gate`, `trueup publish`",
        )
    with duckdb.connect(str(state.mart), read_only=True) as con:
        return locked.answer(con, sql, TABLES, as_csv=as_csv)


def query_load(load_id: str, sql: str, *, as_csv: bool = False) -> str:
    """The answer of `sql` on the rows of one load (table `known`), set aside or not, as text."""
    work = workspace.current()
    for source in sorted(work.company.sources):
        for stream in work.company.module(source).streams:
            for load in (
                *work.landing.loads(source, stream.name),
                *work.landing.set_aside_loads(source, stream.name),
            ):
                if load.load_id == load_id:
                    return _query_rows(work.landing, load, sql, as_csv)
    raise TrueupError(
        f"there is no committed load {load_id}", next_step="list them with `trueup loads`"
    )


def command_of(cause: str) -> list[str]:
    """What to hand to `trueup` to see the rows the newest finding of `cause`, or of that short id,
    is about."""
    work = workspace.current()
    findings = [
        finding
        for verdict in verdicts.newest(work.state.gates)
        for finding in verdict.failed
        if finding.query
    ]
    found = next((one for one in findings if cause in (one.cause, one.short_id)), None)
    if found is None:
        known = "; ".join(f"--finding '{one.cause}'" for one in findings)
        raise TrueupError(
            f"no newest verdict of {work.company.name} has a finding {cause!r} with rows to show",
            next_step=f"ask for one of these: {known}"
            if known
            else "there is none: see `trueup status`; of another company, name its file: `trueup"
            f" --company FILE query --finding {shlex.quote(cause)}`",
        )
    command = shlex.split(found.query)[1:]
    if command[0] not in SHOWS:  # a verdict of an older version may name what to do instead
        raise TrueupError(
            f"finding {cause!r} has no rows to show", next_step=f"`{found.query}`, if it is to run"
        )
    return command


def _query_rows(landing: Landing, load: Load, sql: str, as_csv: bool) -> str:
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        landing.attach_to(con)
        files = [landing.url(file.name) for file in load.files]
        if not files:
            raise TrueupError(f"load {load.load_id} has no rows", next_step="`trueup rejects`")
        con.read_parquet(files, union_by_name=True).create("known")
        return locked.answer(con, sql, "the rows are in table `known`", as_csv=as_csv)
