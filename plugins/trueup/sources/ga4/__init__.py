"""GA4's BigQuery export: every event of the property, in the nested daily tables Google writes.

What it fetches: stream `events`, one row per event, flattened to the columns reconciliation
    needs, from `events_YYYYMMDD` (or `events_intraday_YYYYMMDD` until that exists; never both).
    The tables are read over BigQuery's REST API, or, where `base_url` is a folder or bucket, from
    `events_YYYYMMDD*.parquet|ndjson[.gz]` files of the same shape. Both land the same rows.
Flow: list tables -> pick one per day -> check its schema -> read pages -> flatten in DuckDB ->
    number exact duplicates and hash the key -> landing.
    Google exports nothing from before the link was made: the days before the first table land
    empty, and the landing says so.
Secrets: `service_account`, the JSON text of a Google service-account key that may read the
    dataset (BigQuery Data Viewer). A bucket path takes the store's own credentials instead.
By hand: `trueup land ga4`.
"""

from __future__ import annotations

from collections.abc import Iterator

from trueup.sources.ga4.export import EVENTS
from trueup.streams import Access, Page, Source, Stream, is_api
from trueup.window import Window


def extract(access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    """The events of `window`, over REST or from files, whichever `base_url` names."""
    if is_api(access.base_url):
        from trueup.sources.ga4 import bigquery as transport
    else:
        from trueup.sources.ga4 import bucket as transport
    yield from transport.extract(access, stream, window)


SOURCE = Source(
    name="ga4",
    api_version="bigquery-v2",
    streams=(EVENTS,),
    extract=extract,
    secrets=("service_account",),
    reads_files=True,
    options={
        "project": "Google Cloud project of the export (default: the key's own project)",
        "dataset": "BigQuery dataset of the export (default: analytics_<property id>)",
        "page_size": "rows asked for per page (default 10000, about 10 MB)",
        "file_pattern": "glob of the files below a bucket path (default: events_*)",
    },
)
