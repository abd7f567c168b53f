"""What systems' settings became, sent to receivers that show changes beside alerts.

Nobody is notified by such an event, and it has no key by which a receiver would know it again: so
each is noted before it is sent, and one whose answer is lost is not sent again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import duckdb

from trueup.alerts.incident_files import UNREADABLE, write_whole
from trueup.alerts.receivers.message import NotHeard

#: Changes seen longer ago are history: a first build, or one after a long pause, tells none of it.
NEWS = timedelta(days=3)
#: More at once than this are a migration, which is one event.
MOST = 20
#: How many a receiver is remembered to have heard of.
REMEMBERED = 2000


class Hears(Protocol):
    def tell_change(
        self, summary: str, source: str, at: datetime, details: dict[str, str], link: str = ""
    ) -> None: ...


@dataclass(frozen=True)
class SettingChange:
    source: str
    hop: str
    change: str
    observed_at: datetime
    changed_by: str
    is_break: bool

    @property
    def key(self) -> str:
        parts = (self.source, self.change, self.observed_at.isoformat())
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]


def recent(mart: Path, at: datetime) -> list[SettingChange]:
    """What the published mart saw change lately; nothing where it has no such table."""
    if not mart.exists():
        return []
    sql = (
        "select source, hop, change, observed_at::text, coalesce(changed_by, ''), is_break"
        " from health.fct_config_changes where observed_at >= $since order by observed_at, change"
    )
    try:
        with duckdb.connect(str(mart), read_only=True) as con:
            rows = con.execute(sql, {"since": at - NEWS}).fetchall()
    except duckdb.Error:
        return []
    return [
        SettingChange(source, hop or "", change, _moment(observed, at), by, is_break)
        for source, hop, change, observed, by, is_break in rows
    ]


def tell(
    folder: Path,
    name: str,
    receiver: Hears,
    company: str,
    found: Iterable[SettingChange],
    link: str,
) -> None:
    """Tell the receiver of those it has not heard of."""
    path = folder / f"{name}.changes.json"
    known = _known(path)
    news = [change for change in found if change.key not in known]
    if not news:
        return
    write_whole(path, {"sent": [*known, *(change.key for change in news)][-REMEMBERED:]})
    for summary, at, details in _events(news):
        try:
            receiver.tell_change(summary, f"trueup {company}", at, details, link)
        except NotHeard as error:
            print(f"changed settings could not be sent to {name}: {error}")
            return


def _events(news: list[SettingChange]) -> Iterator[tuple[str, datetime, dict[str, str]]]:
    if len(news) > MOST:
        details = {str(number): f"{x.source}: {x.change}" for number, x in enumerate(news[:200])}
        yield f"{len(news)} settings changed", news[-1].observed_at, details
        return
    for change in news:
        details = {"system": change.source, "hop": change.hop, "changed by": change.changed_by}
        details["may break a goal"] = "yes" if change.is_break else ""
        known = {name: value for name, value in details.items() if value}
        yield f"{change.source}: {change.change}", change.observed_at, known


def _known(path: Path) -> list[str]:
    try:
        return [str(key) for key in json.loads(path.read_text(encoding="utf-8"))["sent"]]
    except (FileNotFoundError, *UNREADABLE):
        return []


def _moment(text: str, at: datetime) -> datetime:
    """DuckDB's text of an instant, which may say `+00` for its offset."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return at
    return found if found.tzinfo else found.replace(tzinfo=at.tzinfo)
