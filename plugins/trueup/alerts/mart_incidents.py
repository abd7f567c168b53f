"""Incidents that the published mart knows and nobody was notified of: those that steps by hand
found, which notify nobody, and what was over in a history before it was landed. They mark their
days all the same."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import duckdb

from trueup.gates.findings import SHORT_ID

OVER = """
select incident_id, onset_date, resolved_date - 1, system, what, cause_family
from health.fct_incidents where status = 'resolved'
order by resolved_date desc, onset_date desc, incident_id
"""


OPEN = """
select incident_id, onset_date, system, what, cause_family
from health.fct_incidents where status = 'open'
order by onset_date, incident_id
"""


def open_lines(mart: Path, known: Collection[str]) -> Iterator[str]:
    """Those that are open, oldest first, without those whose ids are `known` already."""
    for incident_id, onset, system, what, family in _read(mart, OPEN):
        if incident_id not in known:
            yield f"{incident_id[:SHORT_ID]}  open   since {onset}  {system}: {what} ({family})"


def is_open(mart: Path, name: str) -> bool:
    """Whether one is open that is called so."""
    wanted = name.strip().lower()
    return any(wanted in (row[0], row[0][:SHORT_ID]) for row in _read(mart, OPEN))


def over_lines(mart: Path, most: int, known: Collection[str]) -> Iterator[str]:
    """At most so many that are over, newest first, without those whose ids are `known` already."""
    news = [row for row in _read(mart, OVER) if row[0] not in known]
    for incident_id, onset, last, system, what, family in news[:most]:
        yield f"{incident_id[:SHORT_ID]}  over   {onset} to {last}  {system}: {what} ({family})"


def _read(mart: Path, sql: str) -> list[tuple[Any, ...]]:
    """Nothing where no mart is published, or one that has no incidents."""
    if not mart.exists():
        return []
    try:
        with duckdb.connect(str(mart), read_only=True) as con:
            return con.execute(sql).fetchall()
    except duckdb.CatalogException:
        return []
