"""Awin, seen by an advertiser: every sale its publishers claim, what became of each, and what it
costs.

Flow: account -> transactions by the day they were made, validated and amended; clicks by publisher
and day; the account's own totals of what was validated; its publishers -> rows.
Secrets: `access_token` of a user with access to the account (Toolbox, API credentials).
By hand: `trueup land awin`.

Days are those of the account's zone. A sale is pending until the advertiser approves or declines
it, weeks later, and an approved one can still be amended: the day it was made says what is claimed,
the days it was validated and amended on what it costs.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from trueup.sources import forms
from trueup.sources.awin.streams import API_VERSION, STREAMS, TRANSACTIONS, ZONES
from trueup.sources.contract import (
    Access,
    AccountId,
    AdPlatform,
    CompanyNames,
    Option,
    Page,
    Source,
    Stream,
    select,
)
from trueup.window import Window


def extract(access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    """The account's rows of `stream` in `window`, whose days are the account's."""
    from trueup.sources.awin import reports
    from trueup.sources.awin.client import Programme

    programme = Programme(access, stream, window)
    programme.check_zone(ZONES)
    yield from reports.READERS[stream.name](programme)


def restate_days(access: Access, stream: Stream, day: date) -> int:
    """Sales are asked for again as long as the advertiser may take to validate them."""
    if stream.name != TRANSACTIONS.name:
        return stream.restate_days
    return int(access.options.get("validation_days", stream.restate_days))


def _problems(access: Access, names: CompanyNames) -> Iterator[str]:
    """Accounts in a zone the vendor does not count in."""
    for index, account in enumerate(access.accounts):
        if account.time_zone not in ZONES:
            yield (
                f"accounts.{index}.time_zone: Awin counts no days in {account.time_zone}; name the"
                f" zone the programme reports in, of {', '.join(sorted(ZONES))}"
            )


SOURCE = Source(
    name="awin",
    api_version=API_VERSION,
    streams=STREAMS,
    extract=extract,
    shapes=("ad_performance", "account_spend", "campaigns", "claims", "affiliate_sales"),
    ad_platform=AdPlatform(
        link_source="awin",
        source_pattern="awin.*",
        click_id_kinds=("awc",),
        is_click_paid=True,
        has_date_of_its_own=True,
        date_basis="conversion_date",
    ),
    secrets=("access_token",),
    account_id=AccountId(r"\d+", "the advertiser's id, digits alone, such as 15632"),
    selectors=select("sale", "lead", "bonus"),
    restate_days=restate_days,
    problems=_problems,
    options={
        "validation_days": Option(
            "days a sale may wait for its validation (default 92)", forms.whole(0)
        ),
        "calls_per_minute": Option(
            "calls of the token's 20 a minute that may be used (default 20)", forms.whole()
        ),
    },
)
