"""Toy: a vendor that sells ads and runs a shop, so that one small source has every kind of row.

Flow: token -> one JSON document per stream and window -> rows.
Secrets: `token`.
By hand: `trueup land toy`.
"""

from __future__ import annotations

from collections.abc import Iterator

from trueup.sources.toy.streams import STREAMS

from trueup.sources.contract import Access, AdPlatform, Page, Source, Stream, select
from trueup.window import Window


def extract(access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    """The account's rows of `stream` in `window` (days in the account's zone)."""
    from trueup.sources.toy import client

    yield from client.pages(access, stream, window)


SOURCE = Source(
    name="toy",
    api_version="1",
    streams=STREAMS,
    extract=extract,
    shapes=("ad_performance", "account_spend", "campaigns", "claims", "orders", "order_money"),
    ad_platform=AdPlatform(link_source="toy", source_pattern="toy([.].*)?"),
    selectors=select("order", "purchase"),
    secrets=("token",),
)
