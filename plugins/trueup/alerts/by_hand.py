"""What a person sees and says of incidents: `trueup incidents`, `ack`, `mute`, `unmute`."""

from __future__ import annotations

import getpass
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from trueup.alerts import incident_files, lifecycle, mart_incidents, on_call
from trueup.alerts.incident_book import IncidentBook
from trueup.alerts.incidents import Incident, worst_first
from trueup.alerts.messages import duration
from trueup.alerts.receivers.message import inert
from trueup.errors import TrueupError
from trueup.gates import verdicts
from trueup.gates.findings import NOT_LANDED

#: Incidents that are over which a list shows, unless somebody asks for more.
MOST_OVER = 10
#: As many that are over may be what a verdict still speaks of, such as a hold that was released.
MOST_LATELY = 200
#: A mute is a promise to look again; one without an end is a switch nobody finds.
LONGEST_MUTE = timedelta(days=90)
UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def lines(most_over: int = MOST_OVER, now: datetime | None = None) -> Iterator[str]:
    """What is open, worst first, and what was over lately, newest first. No name in it can do
    more to a terminal than be read."""
    at = now or datetime.now(UTC)
    book = on_call.in_force()
    shown = worst_first(one for one in book.all_open() if not one.notice.group)
    over = incident_files.closed(book.state.incidents, most_over) if most_over else []
    over = [incident for incident in over if not incident.notice.group]
    reported = {one.notice.incident_id for one in (*book.all_open(), *over)}
    unnotified = list(mart_incidents.open_lines(book.state.mart, reported))
    if shown or not unnotified:
        yield f"{len(shown)} open" if shown else "nothing is open"
    for incident in shown:
        yield from _open(incident, at)
    if unnotified:
        number = len(unnotified)
        yield f"{number} open in the mart that nobody was notified of, as after steps by hand"
    for line in unnotified:
        yield _line(line)
    if number := _unreported(book):
        yield (
            f"{number} finding{'s' if number > 1 else ''} of the newest verdicts opened no"
            " incident, for steps by hand tell nobody: `trueup status` lists them"
        )
    if over:
        yield f"{len(over)} over lately"
    for incident in over:
        yield _line(f"{incident.id}  over   {_lasted(incident)}  {incident.notice.line}")
    if older := list(mart_incidents.over_lines(book.state.mart, most_over, reported)):
        yield f"{len(older)} that the mart found when they were over, and whose days it marks"
    for line in older:
        yield _line(line)


def acknowledge(name: str, why: str, now: datetime | None = None) -> str:
    """Note that whoever types this is at work on the incident; receivers that know it hear it."""
    at, who = now or datetime.now(UTC), _who()
    incident = _changed(name, lambda one, _: lifecycle.acknowledged(one, who, why, at))
    return _line(f"{incident.id} acknowledged by {who}: {incident.notice.line}")


def mute(name: str, until: str, why: str, now: datetime | None = None) -> str:
    """Say nothing of the incident until then, except that it is over."""
    at, who = now or datetime.now(UTC), _who()
    end = moment(until, at, on_call.in_force().rules.zone)
    incident = _changed(name, lambda one, _: lifecycle.muted(one, end, who, why, at))
    return _line(f"{incident.id} muted until {_at(end)}: {incident.notice.line}")


def unmute(name: str, now: datetime | None = None) -> str:
    """Take a mute back; what it kept back is said."""
    at = now or datetime.now(UTC)
    incident = _changed(name, lambda one, _: lifecycle.unmuted(one, at))
    return _line(f"{incident.id} speaks again: {incident.notice.line}")


def moment(text: str, at: datetime, zone: str) -> datetime:
    """The end that `text` names: a time from now such as `90m`, `12h`, `3d` or `2w`, a day (from
    whose beginning in the reporting zone it speaks again), or an instant with its offset."""
    end = _named(text.strip(), at, zone)
    if end is None or not at < end <= at + LONGEST_MUTE:
        raise TrueupError(
            "that is no end of a mute",
            expected="a time such as 12h or 3d, a day or an instant such as 2026-09-15T06:00:00Z,"
            f" at most {LONGEST_MUTE.days} days from now",
            got=repr(text),
            next_step="name such an end; an incident that is wanted to be open longer is to be"
            " mended, or its signal accepted as it is",
        )
    return end


def _named(text: str, at: datetime, zone: str) -> datetime | None:
    if found := re.fullmatch(r"(\d{1,5})\s*([mhdw])", text):
        return at + timedelta(**{UNITS[found[2]]: int(found[1])})
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return datetime.combine(date.fromisoformat(text), time(), ZoneInfo(zone))
        named = datetime.fromisoformat(text)
    except ValueError:
        return None
    return named if named.tzinfo else None


def _changed(name: str, change: lifecycle.Change) -> Incident:
    """The one open incident a person means, after the change; what of it is news is sent."""
    book = on_call.in_force()
    (changed,) = book.change([_meant(book, name).notice.cause], change)
    on_call.deliver(book)
    return changed


def _meant(book: IncidentBook, name: str) -> Incident:
    found = incident_files.named(book.state.incidents, name)
    if len(found) == 1:
        return found[0]
    if not found and (over := _over(book, name)):
        raise TrueupError(
            f"{over.id} is over since {_at(over.resolved_at or over.last_seen_at)}",
            got=_line(over.notice.cause),
            next_step="nothing: it opens again where it comes again",
        )
    if not found and mart_incidents.is_open(book.state.mart, name):
        raise TrueupError(
            f"nobody was notified of {name}, as after steps by hand: nothing is sent that could be"
            " acknowledged or kept back",
            next_step="do what its section of the runbook says, or `trueup accept` it; the next"
            " build that Airflow runs notifies people of it, and can be answered",
        )
    shown = found or [incident for incident in book.all_open() if not incident.notice.group]
    raise TrueupError(
        "several open incidents are called so" if found else "no open incident is called so",
        expected=_line("; ".join(f"{one.id} ({one.notice.cause})" for one in shown[:10]))
        or "nothing is open",
        got=repr(name),
        next_step="name one as `trueup incidents` lists it, or by its whole cause",
    )


def _over(book: IncidentBook, name: str) -> Incident | None:
    """The newest incident of that id that is over."""
    lately = incident_files.closed(book.state.incidents, MOST_LATELY)
    return next((one for one in lately if name.strip().lower() == one.id), None)


def _open(incident: Incident, at: datetime) -> Iterator[str]:
    notice = incident.notice
    head = f"{incident.id}  {notice.severity:<6} {duration(at - incident.opened_at):<10}"
    money = f"  {notice.costs}" if notice.costs and notice.costs not in notice.how_much else ""
    yield _line(f"{head} {notice.kind}: {notice.line}{money}")
    if notice.suspected_change:
        yield _line(f"       changed just before: {notice.suspicion}")
    if incident.acknowledged_at:
        ago = duration(at - incident.acknowledged_at)
        why = f": {incident.acknowledged_why}" if incident.acknowledged_why else ""
        yield _line(f"       acknowledged by {incident.acknowledged_by}, {ago} ago{why}")
    if incident.is_muted(at) and incident.muted_until:
        until = _at(incident.muted_until)
        yield _line(f"       muted by {incident.muted_by} until {until}: {incident.muted_why}")
    if incident.clean_runs:
        waits = lifecycle.waits_for(notice)
        yield f"       clean in {len(incident.clean_runs)} of {waits} runs it is waited for"


def _unreported(book: IncidentBook) -> int:
    """Findings of the newest verdicts that no incident is of, nor was lately. What did not land is
    reported source by source."""
    lately = incident_files.closed(book.state.incidents, MOST_LATELY)
    known = {incident.notice.cause for incident in (*book.all_open(), *lately)}
    return sum(
        finding.check_name != NOT_LANDED and finding.cause not in known
        for verdict in verdicts.newest(book.state.gates)
        for finding in verdict.failed
    )


def _lasted(incident: Incident) -> str:
    end = incident.resolved_at or incident.last_seen_at
    return f"{_at(end)} after {duration(end - incident.opened_at)}"


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}Z"


def _line(text: str) -> str:
    return inert(text, keep="").rstrip()


def _who() -> str:
    try:
        return inert(getpass.getuser(), keep="")
    except (OSError, KeyError):
        return "unknown"
