"""Google Ads API: spend and traffic, claims by conversion action, settings, clicks.

Flow: refresh token -> access token -> GAQL over `googleAds:searchStream` (daily reports, closed
by Google's own summary row) or `googleAds:search` (settings and clicks, with Google's count of
rows) -> pages of typed rows, and Google's totals as control totals.
Secrets: client_id, client_secret, refresh_token (scope adwords).
By hand: `trueup land google_ads`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from trueup.errors import AccessDenied, TrueupError
from trueup.sources import forms
from trueup.sources.contract import (
    Access,
    AccountId,
    AdPlatform,
    CompanyNames,
    ControlTotal,
    Option,
    Page,
    Source,
    Stream,
    select,
)
from trueup.sources.google_ads.queries import CLAIM_LEVELS
from trueup.sources.google_ads.streams import API_VERSION, STREAMS
from trueup.window import Window


def extract(access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    """The account's rows of `stream` in `window` (days in the account's zone)."""
    from trueup.sources import pieces
    from trueup.sources.google_ads import client

    customer = client.customer(access, stream, window)
    if stream.kind == "snapshot":
        yield from pieces.once_more(customer.ask, window)
    else:
        yield from pieces.by_days(window, customer.ask)
    for name, total in customer.totals.items():
        yield ControlTotal(name, str(total))


def restate_days(access: Access, stream: Stream, day: date) -> int:
    """How far back the account's actions make Google change `stream`: their longest window as it
    is set now, and what is reported late. Where Google does not tell, the longest there is.
    Spend is looked at further back where `day` is a Monday."""
    from trueup.sources.google_ads import client
    from trueup.sources.google_ads.streams import (
        LATE_DAYS,
        LONGEST_WINDOW_DAYS,
        PERFORMANCE_RESTATE_DAYS,
        WEEKLY_RESTATE_DAYS,
    )

    if stream.restate_days == PERFORMANCE_RESTATE_DAYS and day.weekday() == 0:
        return WEEKLY_RESTATE_DAYS
    if stream.name not in CLAIM_LEVELS:
        return stream.restate_days
    try:
        longest = client.longest_window(access, stream, Window(day, day + timedelta(days=1)))
    except AccessDenied:
        raise
    except (TrueupError, TypeError, ValueError):
        longest = LONGEST_WINDOW_DAYS
    return max(stream.restate_days, min(longest, LONGEST_WINDOW_DAYS) + LATE_DAYS)


MANAGER_ID = AccountId(
    r"\d{10}|\d{3}-\d{3}-\d{4}", "the manager account's ten digits, with or without their dashes"
)


def _problems(access: Access, names: CompanyNames) -> Iterator[str]:
    """Accounts that are none, or the manager itself, which spends nothing."""
    manager = str(access.options.get("login_customer_id", "")).replace("-", "")
    for index, account in enumerate(access.accounts):
        if account.id.isdigit() and len(account.id) != 10:
            yield (
                f"accounts.{index}.id: {account.id!r} has {len(account.id)} digits; an account's"
                " id has ten"
            )
        elif account.id == manager:
            yield (
                f"accounts.{index}.id: {account.id} is login_customer_id, too; a manager account"
                " spends nothing: name the accounts below it here, or, where this is none, leave"
                " login_customer_id out"
            )


SOURCE = Source(
    name="google_ads",
    api_version=API_VERSION,
    streams=STREAMS,
    extract=extract,
    restate_days=restate_days,
    shapes=(
        "ad_performance",
        "account_spend",
        "campaigns",
        "ads",
        "claims",
        "claim_definitions",
        "clicks",
        "search_performance",
        "settings",
        "set_aside",
    ),
    ad_platform=AdPlatform(
        link_source="google",
        source_pattern="(.*[.])?(google|googleads|adwords|youtube)([.].*)?",
        click_id_kinds=("gclid",),
        is_click_paid=True,
    ),
    secrets=("client_id", "client_secret", "refresh_token"),
    selectors=select(".+"),  # actions, by id or name
    account_id=AccountId(r"\d+", "the account's ten digits, without dashes"),
    problems=_problems,
    options={
        "login_customer_id": Option(
            "the manager account through which the accounts are reached", forms.account(MANAGER_ID)
        ),
        "token_url": Option("where access tokens are fetched, if not from Google", forms.address),
    },
)
