"""A site's searches row by row, as Search Console answers for each property it is seen through."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

ZONE = "America/Los_Angeles"
Row = dict[str, Any]


@dataclass
class Site:
    """Searches by day, page and query, with their impressions, clicks and place; a query that is
    None is one the vendor names to nobody. `first_incomplete` is what the vendor says of the days
    that are not final, and under which name."""

    rows: list[tuple[str, str, str | None, int, int, float]] = field(default_factory=list)
    first_incomplete: Row = field(default_factory=dict)
    until: str = "9999"

    def add(
        self, day: str, page: str, query: str | None, impressions: int, clicks: int,
        position: float = 2.0,
    ) -> None:  # fmt: skip
        self.rows.append((day, page, query, impressions, clicks, position))

    def answer(self, path: str, asked: Row) -> Any:
        if path.endswith("/token"):
            return {"access_token": "t", "expires_in": 3000, "token_type": "Bearer"}
        site = path.split("/sites/")[1].removesuffix("/searchAnalytics/query")
        start = int(asked.get("startRow", 0))
        rows = [] if start else self._counted(site, asked)
        answer: Row = {"responseAggregationType": "BY_PAGE", "rows": rows}
        if self.first_incomplete:
            answer["metadata"] = self.first_incomplete
        return answer

    def _counted(self, site: str, asked: Row) -> list[Row]:
        names = [name.lower() for name in asked["dimensions"]]
        sums: dict[tuple[str, ...], list[float]] = defaultdict(lambda: [0, 0, 0])
        for day, page, query, impressions, clicks, position in self.rows:
            if not (asked["startDate"] <= day <= min(asked["endDate"], self.until)):
                continue
            if not site.startswith("sc-domain:") and not page.startswith(site):
                continue
            if "query" in names and query is None:
                continue
            named = {"date": day, "page": page, "query": str(query)}
            sums_ = sums[tuple(named[name] for name in names)]
            sums_[0] += impressions
            sums_[1] += clicks
            sums_[2] += impressions * position
        return [
            {"keys": list(key), "impressions": shown, "clicks": clicks,
             "ctr": clicks / shown if shown else 0, "position": places / shown if shown else 0}
            for key, (shown, clicks, places) in sums.items()
        ]  # fmt: skip


def entry(url: str, *properties: str) -> Row:
    """What the company file says of the properties."""
    return {
        "base_url": url,
        "accounts": [{"id": one, "time_zone": ZONE, "currency": "EUR"} for one in properties],
        "credentials": {"service_account": "search_key"},
    }
