"""What a person does to loads and marts by hand: look, set aside, take back, go back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import duckdb

from trueup import raw
from trueup.errors import TrueupError
from trueup.place import here, landing_of


def describe_loads(source: str | None = None) -> list[str]:
    """One line for every committed load, oldest first, and one for every load set aside."""
    _, company, place = here()
    landing = landing_of(place)
    lines = []
    for name in [source] if source else sorted(company.sources):
        for stream in company.module(name).streams:
            for load in landing.loads(name, stream.name):
                rejected = f", {load.rejected_count} rejected" if load.rejected_count else ""
                lines.append(
                    f"{load.load_id} {name}.{stream.name} {load.window} {load.row_count} rows"
                    f"{rejected}, committed {load.committed_at:%Y-%m-%d %H:%M:%SZ}"
                )
    for marker in landing.rejected().values():
        lines.append(f"{marker['load_id']} SET ASIDE {marker['rejected_at']}: {marker['why']}")
    return lines


def rejected_rows(source: str | None = None) -> list[dict[str, str]]:
    """Rows rejected by the loads that are current: stream, position, reason, content."""
    _, company, place = here()
    landing = landing_of(place)
    found: list[dict[str, str]] = []
    for name in [source] if source else sorted(company.sources):
        for stream in company.module(name).streams:
            for load, _ in landing.current(name, stream):
                if load.rejected_count:
                    found += [
                        {"stream": f"{name}.{stream.name}", **row}
                        for row in landing.rejected_rows(load)
                    ]
    return found


def reject(load_id: str, why: str) -> None:
    """Set a load aside: the next build behaves as if it never came."""
    _, _, place = here()
    landing_of(place).reject(load_id, why, datetime.now(UTC))
    print(f"{load_id} is set aside; the next build starts from the landing without it")


def restore(load_id: str) -> None:
    """Take back a load that was set aside."""
    _, _, place = here()
    landing_of(place).restore(load_id)
    print(f"{load_id} counts again from the next build on")


def as_of(moment: datetime, source: str, stream_name: str, sql: str) -> str:
    """The answer of `sql` over the stream's rows as known at `moment` (table `known`), as text."""
    _, company, place = here()
    landing = landing_of(place)
    stream = company.module(source).stream(stream_name)
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'")
    landing.attach_to(con)
    raw.read_as_of(con, landing, source, stream, moment)
    try:
        return str(con.sql(sql))
    except duckdb.Error as error:
        raise TrueupError(
            f"the query does not run: {error}", next_step="the rows are in table `known`"
        ) from None
    finally:
        con.close()


def query(sql: str) -> str:
    """The answer of `sql` on the published mart, as text."""
    _, _, place = here()
    if not place.mart.exists():
        raise TrueupError(f"nothing has been published to {place.mart}", next_step="`make run`")
    with duckdb.connect(str(place.mart), read_only=True) as con:
        try:
            return str(con.sql(sql))
        except duckdb.Error as error:
            raise TrueupError(
                f"the query does not run: {error}",
                next_step="`show all tables` lists what is there",
            ) from None


def rollback() -> Any:
    """Publish the mart before the current one; returns its file."""
    from trueup.publish import Shelf
    from trueup.publish import rollback as go_back

    _, _, place = here()
    return go_back(Shelf(place.mart, place.history))
