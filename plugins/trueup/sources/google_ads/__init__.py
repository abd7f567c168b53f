"""Google Ads API v26: spend and traffic, claims by conversion action, settings, clicks.

Flow: refresh token -> access token -> GAQL over `googleAds:searchStream` (daily reports, closed
by Google's own summary row) or `googleAds:search` (settings and clicks, with Google's count of
rows) -> pages of typed rows, and Google's totals as control totals.
Secrets: client_id, client_secret, refresh_token (scope adwords).
By hand: `trueup land google_ads`.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from trueup.sources.contract import Access, AdPlatform, ControlTotal, Page, Source, Stream
from trueup.sources.google_ads.streams import CLAIM_LEVELS, QUERIES, STREAMS
from trueup.window import Window


def extract(access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    """Every account's rows of `stream` in `window` (days in the account's zone)."""
    from trueup.sources.google_ads import client

    stated: dict[str, Decimal] = {}
    connection = client.connect(access, stream, window)
    dates = f"segments.date BETWEEN '{window.since}' AND '{window.last_day}'"
    for account in access.accounts:
        if stream.name in CLAIM_LEVELS:
            reports = client.claims(connection, account, CLAIM_LEVELS[stream.name], dates)
        elif stream.kind == "snapshot":
            reports = [client.search(connection, account, QUERIES[stream.name])]
        elif stream.name == "clicks":
            reports = (
                client.search(connection, account, QUERIES["clicks"], f"segments.date = '{day}'")
                for day in window.days()
            )
        else:
            reports = [client.report(connection, account, QUERIES[stream.name], dates)]
        for report in reports:
            yield from report.pages
            for name, total in report.totals.items():
                stated[name] = stated.get(name, Decimal(0)) + total
    for name, total in stated.items():
        yield ControlTotal(name, str(total))


SOURCE = Source(
    name="google_ads",
    api_version="v26",
    streams=STREAMS,
    extract=extract,
    shapes=(
        "ad_performance",
        "account_spend",
        "campaigns",
        "claims",
        "claim_definitions",
        "clicks",
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
    options={
        "login_customer_id": "the manager account through which the accounts are reached",
        "token_url": "where access tokens are fetched, if not from Google",
    },
)
