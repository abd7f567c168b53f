"""When a contact filled in a form, and what it came by each time.

HubSpot keeps one contact per e-mail address: whoever asks again changes it. The history of its
properties says when each form was sent in (`recent_conversion_date`), by which form, and which
click id and link parameters were written with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from trueup.sources.hubspot.kinds import ORIGIN
from trueup.sources.hubspot.records import Entry, in_force, moment
from trueup.sources.hubspot.states import Reader, State

#: A form writes its fields, the click and the conversion within seconds; the same form sent in
#: again within this time was sent twice, not asked twice.
TOGETHER = timedelta(minutes=10)
#: A form is processed within a day of being sent in.
PROMPT = timedelta(days=1)
#: What writes to a contact where a person outside filled something in. All else that can write,
#: some hundred things, and more each year, is a colleague's hand or a machine of the CRM.
BY_A_FORM = frozenset(
    {None, "ADS", "ANALYTICS", "API", "BEHAVIORAL_EVENTS", "BOT", "CONVERSATIONS", "FORM",
     "INTEGRATION", "INTEGRATIONS_PLATFORM", "LEADIN", "MEETINGS", "SURVEY"}
)  # fmt: skip


@dataclass(frozen=True)
class Enquiry:
    """A form sent in: `origin` is what was written of the way there since the one before, the last
    of it at `clicked_at`."""

    asked_at: datetime
    form: str | None
    origin: dict[str, Any]
    clicked_at: datetime | None
    is_repeat: bool = False


def of_contact(state: State, reader: Reader) -> list[Enquiry]:
    """Every form of the company's enquiries that the contact sent in, oldest first."""
    forms = reader.history(state, "form")
    histories = {column: reader.history(state, column) for column in ORIGIN}
    found: list[Enquiry] = []
    since: datetime | None = None
    for asked_at, written_at in _moments(state, reader, forms):
        form = in_force(forms, written_at + TOGETHER)
        value = form.value if form else state.values.get("form")
        origin, clicked_at = _origin(histories, since, written_at + TOGETHER)
        before = found[-1] if found else None
        is_repeat = bool(before and before.form == value and asked_at - before.asked_at <= TOGETHER)
        found.append(Enquiry(asked_at, value, origin, clicked_at, is_repeat))
        since = written_at + TOGETHER
    return found


def visited_at(state: State, reader: Reader) -> datetime | None:
    """When the last of what brought a contact that never asked was written."""
    last = [_last(reader.history(state, column), None, reader.until) for column in ORIGIN]
    return max((entry.at for entry in last if entry and entry.value), default=None)


def _moments(state: State, reader: Reader, forms: list[Entry]) -> list[tuple[datetime, datetime]]:
    """When forms were sent in, and when that was written: conversions that HubSpot noted, as far as
    they are enquiries, and values of the form property that came without one."""
    written = [entry for entry in forms if entry.value]
    conversions = _conversions(reader.history(state, "converted_at"))
    if not written and not state.values.get("form"):
        return []
    names = reader.history(state, "conversion")
    enquiries = {
        name.value
        for entry in written
        if (name := in_force(names, entry.at + TOGETHER)) and abs(name.at - entry.at) <= TOGETHER
    }
    found = []
    for asked_at, written_at in conversions:
        name = in_force(names, written_at + TOGETHER)
        wrote_form = any(abs(entry.at - written_at) <= TOGETHER for entry in written)
        if wrote_form or not enquiries or (name and name.value in enquiries):
            found.append((asked_at, written_at))
    for number, entry in enumerate(written):
        has_conversion = any(abs(entry.at - at) <= TOGETHER for _, at in conversions)
        is_first = number == 0 and not found
        if not has_conversion and (is_first or entry.written_by in BY_A_FORM):
            found.append((entry.at, entry.at))
    return sorted(found)


def _conversions(entries: list[Entry]) -> list[tuple[datetime, datetime]]:
    """Conversions as they happened and as they were written. One written long after it happened
    was brought in from elsewhere; a merge writes one a second time."""
    found: dict[datetime, datetime] = {}
    for entry in entries:
        happened_at = moment(entry.value) or entry.at
        is_prompt = abs(entry.at - happened_at) <= PROMPT
        found.setdefault(happened_at, entry.at if is_prompt else happened_at)
    return sorted(found.items())


def _origin(
    histories: dict[str, list[Entry]], since: datetime | None, until: datetime
) -> tuple[dict[str, Any], datetime | None]:
    """What was written after `since` and by `until`: of several clicks the last one."""
    last = {column: _last(entries, since, until) for column, entries in histories.items()}
    known = {column: entry for column, entry in last.items() if entry and entry.value}
    clicked_at = max((entry.at for entry in known.values()), default=None)
    values = {
        column: known[column].value
        if column in known and clicked_at and clicked_at - known[column].at <= TOGETHER
        else None
        for column in histories
    }
    return values, clicked_at


def _last(entries: list[Entry], since: datetime | None, until: datetime) -> Entry | None:
    entry = in_force(entries, until)
    return entry if entry and (since is None or entry.at > since) else None
