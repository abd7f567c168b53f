"""What a person does to loads and marts by hand: look, set aside, take back, go back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import duckdb

from trueup.build import raw_tables
from trueup.company import workspace
from trueup.errors import TrueupError


def reject(load_id: str, why: str) -> None:
    """Set a load aside: the next build behaves as if it never came."""
    work = workspace.current()
    work.landing.reject(load_id, why, datetime.now(UTC))
    print(f"{load_id} is set aside; the next build starts from the landing without it")


def restore(load_id: str) -> None:
    """Take back a load that was set aside."""
    work = workspace.current()
    work.landing.restore(load_id)
    print(f"{load_id} counts again from the next build on")


def as_of(moment: datetime, source: str, stream_name: str, sql: str) -> str:
    """The answer of `sql` over the stream's rows as known at `moment` (table `known`), as text."""
    work = workspace.current()
    landing = work.landing
    stream = work.company.module(source).stream(stream_name)
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'")
    landing.attach_to(con)
    raw_tables.read_as_of(con, landing, source, stream, moment)
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
    work = workspace.current()
    if not work.state.mart.exists():
        raise TrueupError(
            f"nothing has been published to {work.state.mart}", next_step="`make run`"
        )
    with duckdb.connect(str(work.state.mart), read_only=True) as con:
        try:
            return str(con.sql(sql))
        except duckdb.Error as error:
            raise TrueupError(
                f"the query does not run: {error}",
                next_step="`show all tables` lists what is there",
            ) from None


def rollback() -> Any:
    """Publish the mart before the current one; returns its file."""
    from trueup.publish.swap import PublishedMart
    from trueup.publish.swap import rollback as go_back

    work = workspace.current()
    return go_back(PublishedMart(work.state.mart, work.state.history))
