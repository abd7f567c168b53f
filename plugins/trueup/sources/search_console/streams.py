"""The streams of search_console: what is landed, how far back Google goes and what it changes."""

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

_DAY = (
    Column("site_url", required=True),
    Column("search_type", required=True),
    Column("search_date", "DATE", required=True),
)
_FIGURES = (
    Column("is_final", "BOOLEAN", required=True),
    Column("impressions", "BIGINT", required=True),
    Column("clicks", "BIGINT", required=True),
    Column("position", "DECIMAL(18,6)"),
)


def _stream(name: str, *own: Column) -> Stream:
    return Stream(
        name,
        (*_DAY, *own, *_FIGURES),
        key=tuple(column.name for column in (*_DAY, *own) if column.type != "BOOLEAN"),
        day="search_date",
        restate_days=RESTATE_DAYS,
        chunk_days=RESTATE_DAYS + 1,
        retention_days=RETENTION_DAYS,
        control=("impressions", "clicks"),
        shape="search_performance",
    )


#: A page is null where Google tells none, a query where it tells none or where it is personal.
PERFORMANCE = _stream(
    "performance", Column("page"), Column("query"), Column("is_anonymised", "BOOLEAN", True)
)
#: Counted once a search, however many of the property's pages it showed.
PROPERTY_DAYS = _stream("property_days")
STREAMS = (PERFORMANCE, PROPERTY_DAYS)
