"""Meta Ads: what the account spent, what each ad claims per attribution window and says, campaigns.

Flow: account -> insights (a long slice as a job: POST, poll, fetch) -> pages by cursor -> rows.
Secrets: `access_token` of a system user with ads_read, `app_secret` to sign it.
By hand: `trueup land meta_ads`.

Days are those of the ad account's zone. What happens on Meta is counted on the day of the
impression, what happens elsewhere on the day it happens; both may change for 28 days and are
reported up to a week late, so 35 days of conversions are fetched again on every run. One conversion
comes under several overlapping action types (purchase, omni_purchase, ...): all land, and the
company file's goals choose exactly one of them by name. Ad sets have unlike attribution settings:
what the plain count of each means lands with it, and so do the windows on their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from trueup.sources import forms
from trueup.sources.contract import (
    Access,
    AccountId,
    AdPlatform,
    Option,
    Page,
    Source,
    Stream,
    select,
)
from trueup.sources.meta_ads import overlaps
from trueup.sources.meta_ads.streams import API_VERSION, STREAMS, WINDOWS
from trueup.window import Window


def extract(access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    """The account's rows of `stream` in `window`, whose days are the account's."""
    from trueup.sources.meta_ads import client, reports

    yield from reports.READERS[stream.name](client.open_graph(access, stream, window))


SOURCE = Source(
    name="meta_ads",
    api_version=API_VERSION,
    streams=STREAMS,
    extract=extract,
    shapes=("ad_performance", "account_spend", "campaigns", "ads", "claims", "settings"),
    # Its own apps and posts append the same click id, so one alone proves no payment.
    ad_platform=AdPlatform(
        link_source="facebook",
        source_pattern="(.*[.])?(facebook|instagram|messenger|meta|fb|ig|an|msg)([.].*)?",
        click_id_kinds=("fbclid",),
        has_date_of_its_own=True,
        counted=overlaps.counted,
        windows={
            f"{kind}_window_days": tuple(
                int(days) for days, _, of in (one.partition("d_") for one in WINDOWS) if of == kind
            )
            for kind in ("click", "view")
        },
    ),
    secrets=("access_token", "app_secret"),
    selectors=select(".+"),  # action types, with those the account has made
    account_id=AccountId(r"act_\d+", "act_ and the ad account's digits, such as act_900100200"),
    options={
        "page_size": Option(
            "rows a page; smaller pages cost more of the quota, which counts calls", forms.whole()
        ),
        "sync_days": Option(
            "slices up to this many days are answered at once, longer ones as a job", forms.whole()
        ),
        "job_minutes": Option(
            "how long a job may run before a new one is started in its place", forms.whole()
        ),
    },
)
