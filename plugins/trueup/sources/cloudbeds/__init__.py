"""Cloudbeds PMS API v1.3 and Accounting API v1.0: reservations with their nights, what was paid for
them, channels of distribution, rooms.

Fetches: reservations as they stand (the main guest's e-mail hashed at landing, no names), one row
per room and night with its rate, payments with refunds and voids, the property's sources with their
commission, its rooms, the rooms that are blocked on each day, and the property's own settings.

Flow: `getReservationsWithRateDetails` by last change, in pages -> rows. Some changes do not move
that timestamp, so once a week every stay that is not long over is read again. Payments are posted
once and never changed: `POST transactions` of the Accounting API by their moment.

Secrets: api_key (an API key of the property with the scopes read:hotel, read:reservation,
read:room, read:roomblock and read:payment).

By hand: `trueup land cloudbeds`
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from trueup.sources import forms
from trueup.sources.cloudbeds.streams import API_VERSION, STREAMS, TRANSACTIONS
from trueup.sources.contract import (
    Access,
    AccountId,
    CompanyNames,
    Option,
    Page,
    Source,
    Stream,
    select,
)
from trueup.window import Window

VENDOR_HOST = "cloudbeds.com"
MOST_PER_SECOND = 10


def extract(access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    """The rows of `stream`; days are the reporting zone's, as the ledger's are."""
    from trueup.sources.cloudbeds import rows, transactions
    from trueup.sources.cloudbeds.client import Property

    source = Property(access, stream, window)
    if stream.name == TRANSACTIONS.name:
        return transactions.pages(source, *window.instants(access.reporting_zone))
    return rows.pages(source, access, stream, window)


def _problems(access: Access, names: CompanyNames) -> Iterator[str]:
    """A pace for which the vendor suspends a key. Who runs a server of their own sets their own."""
    pace = access.options.get("requests_per_second", 0)
    if not isinstance(pace, int | float):
        return  # its form is reported
    host = urlsplit(access.base_url).hostname or VENDOR_HOST
    if pace > MOST_PER_SECOND and f".{host}".endswith(f".{VENDOR_HOST}"):
        yield (
            f"options.requests_per_second: {pace:g} is more than any key may ask, 5 for a"
            f" property's and {MOST_PER_SECOND} for a partner's; who asks more is suspended"
        )


SOURCE = Source(
    name="cloudbeds",
    api_version=API_VERSION,
    streams=STREAMS,
    extract=extract,
    shapes=(
        "ad_performance",
        "account_spend",
        "campaigns",
        "bookings",
        "order_money",
        "room_days",
        "settings",
        "set_aside",
    ),
    account_id=AccountId(r"\d+", "the property's id, digits alone, such as 173245"),
    selectors=select("reservations"),
    problems=_problems,
    secrets=("api_key",),
    secrets_of_one_account=("api_key",),
    options={
        "page_size": Option("reservations a page holds (default and maximum 100)", forms.whole()),
        "requests_per_second": Option(
            "5 (the default) for a property's key, 10 for a partner's", forms.number(0.01, 10_000)
        ),
        "payments_in": Option(
            "units (the default), or smallest_units where payments come in cents",
            forms.one_of("units", "smallest_units"),
        ),
    },
)
