"""What did not land, as findings of the landing gate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from trueup.gates.findings import LANDING, NOT_LANDED, Finding
from trueup.landing.landed import NotLanded

#: Errors that are about an account or the vendor, whatever the stream.
OF_THE_ACCOUNT = ("AccessDenied", "MissingSecrets", "VendorUnavailable")


def findings(source: str, missing: Iterable[NotLanded], at: datetime) -> list[Finding]:
    """One finding for an account and its trouble, or for a stream whose rows are not what they
    should be. What keeps several streams from landing is the account's."""
    missing = list(missing)
    kept: dict[tuple[str, str], set[str]] = {}
    for one in missing:
        kept.setdefault((one.account, one.cause), set()).add(one.stream)
    same: dict[tuple[str, str, str], list[NotLanded]] = {}
    for one in missing:
        is_wide = one.kind in OF_THE_ACCOUNT or len(kept[one.account, one.cause]) > 1
        table = source if is_wide else f"{source}.{one.stream}"
        same.setdefault((table, one.kind, one.account), []).append(one)
    return [_finding(source, table, alike, at) for (table, _, _), alike in same.items()]


def _finding(source: str, table: str, alike: Sequence[NotLanded], at: datetime) -> Finding:
    streams = tuple(sorted({one.stream for one in alike}))
    first_day = _first_day(alike)
    return Finding(
        gate=f"{LANDING}{source}",
        check_name=NOT_LANDED,
        table_name=table,
        severity="warning",
        verdict="warn",
        checked_at=at,
        signal=alike[0].kind,
        segment=alike[0].account,
        why="did not land; what was landed before stays in use",
        observed=f"{', '.join(streams)}: {alike[0].text}",
        since_date=first_day,
        query=f"trueup loads {source}",
        runbook="docs/runbook.md#not-landed",
        streams=streams if first_day else (),
        reach_days=max(one.reach_days for one in alike) if first_day else 0,
    )


def _first_day(alike: Sequence[NotLanded]) -> date | None:
    """The first day whose rows are not what they should be. Where that is another one of each
    stream, it is not about days."""
    streams: dict[str, list[str]] = {}
    for one in alike:
        streams.setdefault(one.stream, []).append(one.first_day)
    first_days = {min(days) for days in streams.values()}
    return date.fromisoformat(day) if len(first_days) == 1 and (day := min(first_days)) else None
