"""GA4's BigQuery export: every event of the property, in the nested daily tables Google writes; and
what the property is set to.

What it fetches: stream `settings`, what the property, its key events, data streams and links are
    set to now, over the Admin API, where the key may read them: a key that may not costs the other
    stream nothing. Stream `events`, one row per event, flattened to the columns reconciliation
    needs, from `events_YYYYMMDD` (or `events_intraday_YYYYMMDD` until that exists; never both).
    The tables are read as Arrow over BigQuery's Storage Read API, or over its REST API where the
    right to the first is missing, or, where `base_url` is a folder or bucket, from
    `events_YYYYMMDD*.parquet|ndjson[.gz]` files of the same shape. All land the same rows.
Flow: list tables -> pick one per day -> check its schema -> read its rows -> flatten, find what
    each is worth -> number exact duplicates and hash the key -> landing.
    Google exports nothing from before the link was made: the days before the first table land
    empty. A day whose table is missing or cannot be read stays open, the others land. Without the
    streaming export a day's table may come in the afternoon of the next: until then the days
    before it are landed, and the source is late.
Secrets: `service_account`, the JSON text of a Google service-account key that may read the
    dataset (BigQuery Data Viewer) and open read sessions in its project (BigQuery Read Session
    User), and is a Viewer of the property. A bucket path takes the store's own credentials instead.
By hand: `trueup land ga4`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType

from trueup.sources import forms, google_keys
from trueup.sources.contract import (
    Access,
    AccountId,
    CompanyNames,
    Option,
    Page,
    Source,
    Stream,
    is_api,
    select,
)
from trueup.sources.ga4.admin_address import OFF, address
from trueup.sources.ga4.streams import API_VERSION, EVENTS, OWN, SETTINGS
from trueup.sources.ga4.tables import newest_written
from trueup.sources.shapes.visits import ENGAGED
from trueup.window import Window

#: A host that is no single word, or has a port, as the Storage Read API is addressed.
HOST = re.compile(r"[\w-]+(\.[\w-]+)+(:\d+)?|[\w-]+:\d+|\[[0-9a-f:]+\]:\d+", re.IGNORECASE)


def extract(access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    """The events of `window`, over REST or from files, whichever `base_url` names; or what the
    property is set to."""
    if stream.name == SETTINGS.name:
        from trueup.sources.ga4 import admin

        yield from admin.extract(access, stream, window)
        return
    yield from _transport(access).extract(access, stream, window)


def written_through(access: Access, stream: Stream, day: date) -> date:
    """The newest day up to `day` that has a table, with none missing after the last daily one."""
    if stream.name == SETTINGS.name:
        return day
    window = Window(day, day + timedelta(days=1))
    return newest_written(_transport(access).table_names(access, stream, window), day)


def divide(access: Access, stream: Stream) -> list[tuple[str, Access]]:
    """Each property lands on its own, except where all of them are read from one export. What they
    are set to is asked of each, where there is an API to ask."""
    if stream.name == SETTINGS.name:
        asked = access.accounts if address(access) else ()
        return [(one.id, access.narrowed(one)) for one in asked]
    is_shared = bool(access.options.get("dataset")) or not is_api(access.base_url)
    accounts = access.accounts[:1] if is_shared else access.accounts
    if not accounts:
        return [("", access)]
    return [(one.id, access.narrowed(one)) for one in accounts]


def _currency(given: object) -> Iterator[str]:
    if given != OWN and not re.fullmatch("[A-Za-z]{3}", str(given)):
        yield f"{given!r} is neither a currency code nor {OWN!r}"


def _problems(access: Access, names: CompanyNames) -> Iterator[str]:
    """A folder that is not there; a bucket is not asked."""
    if not is_api(access.base_url) and "://" not in access.base_url:
        folder = Path(access.base_url)
        if not folder.is_dir():
            yield (
                f"base_url: there is no folder {folder.absolute()}; an address begins with"
                " https://, a bucket with its own, such as s3://"
            )


def _api(is_url: bool) -> forms.Form:
    """The address of an API, or off, which YAML reads as false."""

    def problem(given: object) -> Iterator[str]:
        is_address = isinstance(given, str) and (
            (given.lower() == OFF or is_api(given))
            if is_url
            else (given == OFF or HOST.fullmatch(given) is not None)
        )
        if given is not False and not is_address:
            yield f"{given!r} is neither off nor an address; leave it out for Google's own"

    return problem


def _transport(access: Access) -> ModuleType:
    if is_api(access.base_url):
        from trueup.sources.ga4 import client

        return client
    from trueup.sources.ga4 import bucket

    return bucket


SOURCE = Source(
    name="ga4",
    api_version=API_VERSION,
    streams=(EVENTS, SETTINGS),
    extract=extract,
    shapes=("events", "settings"),
    weak_goals={
        "engaged_visit": ENGAGED,
        "product_view": "view_item",
        "add_to_cart": "add_to_cart",
        "begin_checkout": "begin_checkout",
        "form_start": "form_start",
        "enquiry_event": "generate_lead",
    },
    selectors=select(".+"),  # events
    secrets=("service_account",),
    written_through=written_through,
    divide=divide,
    problems=_problems,
    reads_files=True,
    account_id=AccountId(r"\d+", "the property's id, digits alone, not the G-... of a tag"),
    secret_problems=google_keys.secret_problems,
    options={
        "project": Option(
            "Google Cloud project of the export (default: the key's own project)",
            forms.text("the id of a project"),
        ),
        "dataset": Option(
            "BigQuery dataset of the export (default: analytics_<property id>)",
            forms.text("the name of a dataset"),
        ),
        "page_size": Option("rows asked for per page (default 10000, about 10 MB)", forms.whole()),
        "storage_api": Option(
            "address of BigQuery's Storage Read API (default: Google's own with Google's base_url;"
            " off: rows come over REST)",
            _api(is_url=False),
        ),
        "admin_api": Option(
            "address of the Admin API, which says what the property is set to (default: Google's"
            " own with Google's base_url; off: nobody asks)",
            _api(is_url=True),
        ),
        "currency_where_none": Option(
            "currency of values sent without one: a code, or account for the property's own"
            " (default: they are set aside)",
            _currency,
        ),
        "file_pattern": Option(
            "glob of the files below a bucket path (default: events_*)",
            forms.text("a glob, such as events_*"),
        ),
    },
)
