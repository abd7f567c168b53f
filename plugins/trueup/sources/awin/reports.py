"""What is asked of Awin for each stream, in as few calls as tell it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from trueup.sources.awin import rows as made
from trueup.sources.awin.client import Programme, Rows
from trueup.sources.contract import Page
from trueup.window import Window


def transactions(programme: Programme) -> Iterator[Page]:
    """Sales by the day they were made, whatever became of them."""
    yield _dated(programme, "transaction", "transactionDate", "transaction_date")


def validations(programme: Programme) -> Iterator[Page]:
    """Sales by the day they were approved or declined."""
    yield _dated(programme, "validation", "validationDate", "validation_date")


def _dated(programme: Programme, date_type: str, field: str, column: str) -> Rows:
    zone = programme.account.time_zone
    return [
        made.transaction(sale, zone) | {column: made.day_of(sale.get(field), zone)}
        for sale in programme.transactions(date_type, programme.window)
    ]


def amendments(programme: Programme) -> Iterator[Page]:
    """Sales by the day they were amended, which a question about that day alone tells."""
    zone = programme.account.time_zone
    whole = programme.transactions("amendment", programme.window)
    for day, sales in _days_of(programme, programme.window, whole):
        yield [made.transaction(one, zone) | {"amendment_date": day} for one in sales]


def _days_of(programme: Programme, part: Window, sales: Rows) -> Iterator[tuple[str, Rows]]:
    """`sales` of `part` by day: what the first half does not have is the second's."""
    if not sales:
        return
    if (part.until - part.since).days == 1:
        yield str(part.since), sales
        return
    first, second = programme.halves(part)
    earlier = programme.transactions("amendment", first)
    known = {one.get("id") for one in earlier}
    yield from _days_of(programme, first, earlier)
    yield from _days_of(programme, second, [one for one in sales if one.get("id") not in known])


def validated_totals(programme: Programme) -> Iterator[Page]:
    """The account's own sums by day. A report has no days, so each is asked for alone, unless the
    whole window has none."""
    account = programme.account.id
    if not programme.report("publisher", programme.window, dateType="validation"):
        yield []
        return
    for day in programme.window.days():
        one = Window(day, day + timedelta(days=1))
        rows = programme.report("publisher", one, dateType="validation")
        yield [made.validated(row, account, str(day)) for row in rows]


def publisher_days(programme: Programme) -> Iterator[Page]:
    """Clicks by publisher and day, also those that name no campaign of the publisher's own."""
    rows = programme.report(
        "campaign", programme.window, interval="day", includeNumbersWithoutCampaign="true"
    )
    yield [made.clicks(row, programme.account.id) for row in rows]


def publishers(programme: Programme) -> Iterator[Page]:
    """The publishers that are in the programme now."""
    yield [made.publisher(one, programme.account.id) for one in programme.publishers()]


READERS: dict[str, Callable[[Programme], Iterator[Page]]] = {
    "publishers": publishers,
    "transactions": transactions,
    "validations": validations,
    "amendments": amendments,
    "validated_totals": validated_totals,
    "publisher_days": publisher_days,
}
