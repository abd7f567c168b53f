"""One deal as the row that lands of it, and its life: what it was worth in each stage, and when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from trueup.sources.hubspot import enquiries
from trueup.sources.hubspot.associations import Link, primary
from trueup.sources.hubspot.records import Entry, Record, flag, in_force, moment
from trueup.sources.hubspot.states import Reader, State, common

#: How many values of a deal's property HubSpot keeps.
KEPT_VALUES = 20


def of_deal(contacts: dict[str, list[Link]], state: State, reader: Reader) -> Iterator[Record]:
    row = {"deal_id": state.record["id"], **common(state)}
    links = contacts.get(row["deal_id"], [])
    row["contact_id"] = primary(links)
    row["contact_ids"] = ";".join(sorted({link.id for link in links}, key=int)) or None
    row |= _last_said(row, state, reader)
    # a portal with one currency has no such property
    row["currency_code"] = row.get("currency_code") or reader.home_currency
    row.setdefault("is_won", None)
    if "closed_at" in row:
        row["closed_at"] = moment(row["closed_at"])
    yield row | {name: flag(row[name]) for name in ("is_closed", "is_won") if name in row}


def _last_said(row: Record, state: State, reader: Reader) -> Record:
    """What a deal's present state does not say, as it was last said: a stage or a currency that was
    emptied since, an amount that can be none. What the deal was sold for is in its history."""
    found: Record = {}
    for column, is_said in SAID.items():
        if column in row and not is_said(row[column]):
            said = [entry.value for entry in reader.history(state, column) if is_said(entry.value)]
            found |= {column: said[-1]} if said else {}
    return found


def _is_no_odd_amount(value: Any) -> bool:
    """Whether it is an amount a deal can have, or none: an amount that is emptied is not known."""
    try:
        return value is None or Decimal(value) >= 0
    except (ArithmeticError, TypeError, ValueError):
        return False


#: Of a deal's columns, whether a value says something.
SAID: dict[str, Callable[[Any], bool]] = {
    "pipeline": bool,
    "stage": bool,
    "currency_code": bool,
    "amount": _is_no_odd_amount,
}


def stages_of(state: State, reader: Reader) -> Iterator[Record]:
    """Every moment a deal's stage, amount or currency changed, and how it stood from then on."""
    past = {
        column: reader.history(state, column)
        for column in ("pipeline", "stage", "amount", "currency_code", "closed_at")
    }
    past["amount"] = _from_the_start(past["amount"])
    # what was emptied stays as it was last said: 160,000 yen are no 160,000 euros
    for column in ("pipeline", "stage", "currency_code"):
        past[column] = [entry for entry in past[column] if entry.value]
    # where a deal has a currency of its own now, it was in the portal's until that was written
    before = reader.home_currency if past["currency_code"] else None
    stages = past["stage"] or _unrecorded(state)
    if not stages:
        return
    moved = (*stages, *past["amount"], *past["currency_code"])
    for at in sorted({entry.at for entry in moved if entry.at >= stages[0].at}):
        stage = in_force(stages, at)
        # the close date is written with the stage, or a moment later
        closed = in_force(past["closed_at"], at + enquiries.TOGETHER)
        if stage is None:
            continue
        yield {
            "deal_id": state.record["id"],
            "pipeline": _value(past["pipeline"], at) or state.values.get("pipeline"),
            "stage": stage.value,
            "entered_at": at,
            "amount": _value(past["amount"], at),
            "currency_code": _value(past["currency_code"], at) or before,
            "closed_at": moment(closed.value) if closed else None,
            "written_by": stage.written_by,
            "modified_at": state.modified_at,
        }


def _from_the_start(entries: list[Entry]) -> list[Entry]:
    """Values of a property, whose first ones HubSpot forgets where there are many: the oldest it
    keeps then stands for those before it."""
    if len(entries) < KEPT_VALUES:
        return entries
    return [Entry(datetime.min.replace(tzinfo=UTC), entries[0].value), *entries]


def _unrecorded(state: State) -> list[Entry]:
    """The stage of a deal without a history: it stands there since it closed, or was made."""
    stage = state.values.get("stage")
    # HubSpot's word for an open deal is the text `false`, and its close date is one hoped for
    is_closed = flag(state.values.get("is_closed")) is True
    closed = moment(state.values.get("closed_at")) if is_closed else None
    born = moment(state.record.get("createdAt"))
    at: datetime | None = closed or born
    return [Entry(at, stage)] if stage and at else []


def _value(entries: list[Entry], at: datetime) -> str | None:
    entry = in_force(entries, at)
    return entry.value if entry else None
