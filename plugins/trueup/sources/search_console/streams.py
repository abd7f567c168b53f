"""The stream of search_console: what is landed, how far back Google goes and what it changes."""

from __future__ import annotations

from trueup.sources.contract import Column, Stream

API_VERSION = "v3"
#: Google counts every property's days here.
ZONE = "America/Los_Angeles"
#: Those that know queries; Discover and Google News have none.
SEARCH_TYPES = ("web", "image", "video", "news")
STATES = ("all", "final")

#: Sixteen months; a little less, since months differ.
RETENTION_DAYS = 16 * 30
#: Days are final after two or three. A delay of Google's own may last a week: then days that were
#: landed unfinished are still fetched again once they are final.
RESTATE_DAYS = 10

PERFORMANCE = Stream(
    "performance",
    (
        Column("site_url", required=True),
        Column("search_type", required=True),
        Column("search_date", "DATE", required=True),
        # Null where Google states none; a query also where it tells who typed it.
        Column("page"),
        Column("query"),
        Column("is_anonymised", "BOOLEAN", required=True),
        Column("is_final", "BOOLEAN", required=True),
        Column("impressions", "BIGINT", required=True),
        Column("clicks", "BIGINT", required=True),
        Column("position", "DECIMAL(18,6)"),
    ),
    key=("site_url", "search_type", "search_date", "page", "query"),
    day="search_date",
    restate_days=RESTATE_DAYS,
    chunk_days=RESTATE_DAYS + 1,
    retention_days=RETENTION_DAYS,
    control=("impressions", "clicks"),
    shape="search_performance",
)
STREAMS = (PERFORMANCE,)
