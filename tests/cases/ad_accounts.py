"""A Google Ads and a Meta ad account held row by row, as their APIs answer for them."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from cases.vendor_at import answering

GOOGLE, META = "4711002200", "900100200"
SECRETS = {f"TRUEUP_SECRET_AD_{name}": "of-the-tests" for name in ("CLIENT", "WORD", "TOKEN")}
MODEL = "conversion_action.attribution_model_settings"
Row = dict[str, Any]


def entries(url: str) -> dict[str, Any]:
    """What the company file says of both accounts."""
    settings = {"time_zone": "Europe/Lisbon", "currency": "EUR"}
    return {
        "google_ads": {
            "base_url": f"{url}/google", "accounts": [{"id": GOOGLE, **settings}],
            "credentials": {
                "client_id": "ad_client", "client_secret": "ad_word", "refresh_token": "ad_token"},
            "headline_claim": {"date_basis": "click_date", "click_window_days": 30},
        },
        "meta_ads": {
            "base_url": f"{url}/meta", "accounts": [{"id": f"act_{META}", **settings}],
            "credentials": {"access_token": "ad_token", "app_secret": "ad_word"},
            "options": {"sync_days": 100},
            "headline_claim": {
                "click_window_days": 7, "view_window_days": 1, "include_view": True},
        },
    }  # fmt: skip


@dataclass
class GoogleAds:
    """Rows by what is asked for: `customer`, `campaign`, `ad_group_ad`, with `_days` for traffic
    and `_claims` for conversions behind it."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def campaign(self, id: str, name: str, kind: str = "SEARCH") -> None:
        self.rows["campaign"].append(
            {"campaign.id": id, "campaign.name": name, "campaign.status": "ENABLED",
             "campaign.advertising_channel_type": kind}
        )  # fmt: skip

    def action(self, id: str, name: str) -> None:
        self.rows["conversion_action"].append(
            {"conversion_action.id": id, "conversion_action.name": name,
             "conversion_action.status": "ENABLED",
             "conversion_action.owner_customer": f"customers/{GOOGLE}",
             f"{MODEL}.attribution_model": "GOOGLE_ADS_LAST_CLICK",
             "conversion_action.click_through_lookback_window_days": 30}
        )  # fmt: skip

    def spend(self, day: str, campaign: str, cost: float) -> None:
        for resource in ("customer", "campaign", "ad_group_ad"):
            self.rows[f"{resource}_days"].append(
                {"segments.date": day, "metrics.impressions": 100, "metrics.clicks": 10,
                 "metrics.cost_micros": round(cost * 1_000_000), **of_ad(campaign)}
            )  # fmt: skip

    def claim(
        self, day: str, campaign: str, action: tuple[str, str], count: float, value: float,
        by_ads: float | None = None,
    ) -> None:  # fmt: skip
        """What the campaign claims; `by_ads` what its ad does, where that is another number."""
        for resource, claimed in (("campaign", count), ("ad_group_ad", by_ads or count)):
            self.rows[f"{resource}_claims"].append(
                {"segments.date": day, "metrics.view_through_conversions": 0,
                 "segments.conversion_action": f"customers/{GOOGLE}/conversionActions/{action[0]}",
                 "segments.conversion_action_name": action[1], **of_ad(campaign),
                 **{f"metrics.{name}{by}": claimed for name in ("conversions", "all_conversions")
                    for by in ("", "_by_conversion_date")},
                 **{f"metrics.all_conversions_value{by}": value
                    for by in ("", "_by_conversion_date")}}
            )  # fmt: skip

    def answer(self, path: str, asked: Row) -> Any:
        if path.endswith("/token"):
            return {"access_token": "t", "expires_in": 3000, "token_type": "Bearer"}
        query = asked["query"]
        names = re.sub("SELECT (.*) FROM .*", r"\1", query).split(", ")
        resource = re.sub(r".* FROM (\w+).*", r"\1", query)
        if "segments.conversion_action" in names:
            resource += "_claims"
        elif "metrics.cost_micros" in names:
            resource += "_days"
        days = re.findall(r"\d{4}-\d\d-\d\d", query) or ["", "9"]
        found = [
            {name: {**account(), **row}.get(name) for name in names}
            for row in self._listed(resource)
            if days[0] <= row.get("segments.date", days[0]) <= days[-1]
        ]
        metrics = [name for name in names if name.startswith("metrics.")]
        summary = {name: sum(row[name] for row in found) for name in metrics}
        mask = ",".join(map(camel, names))
        if path.endswith("Stream"):
            rows = [{"results": list(map(nested, found)), "fieldMask": mask}] if found else []
            return [*rows, {"summaryRow": nested(summary), "fieldMask": mask}]
        return {
            "results": list(map(nested, found)), "fieldMask": mask,
            "totalResultsCount": str(len(found)),
        }  # fmt: skip

    def _listed(self, resource: str) -> list[Row]:
        if resource == "customer":
            tracking = "customer.conversion_tracking_setting"
            return [
                {"customer.status": "ENABLED", "customer.auto_tagging_enabled": True,
                 f"{tracking}.conversion_tracking_status": "MANAGED_BY_SELF",
                 f"{tracking}.google_ads_conversion_customer": f"customers/{GOOGLE}"}
            ]  # fmt: skip
        rows = self.rows[resource]
        if resource != "customer_days":
            return rows
        days: dict[str, Row] = {}
        for row in rows:
            sums = days.setdefault(row["segments.date"], {"segments.date": row["segments.date"]})
            for name, value in row.items():
                if name.startswith("metrics."):
                    sums[name] = sums.get(name, 0) + value
        return list(days.values())


@dataclass
class MetaAds:
    """Insights of ads, and the campaigns they are of."""

    insights: list[Row] = field(default_factory=list)
    campaigns: list[Row] = field(default_factory=list)

    def campaign(self, id: str, name: str) -> None:
        self.campaigns.append(
            {"account_id": META, "id": id, "name": name, "objective": "OUTCOME_SALES",
             "status": "ACTIVE", "effective_status": "ACTIVE"}
        )  # fmt: skip

    def ad(self, day: str, campaign: str, spend: str, counts: dict[str, tuple[int, float]]) -> None:
        """A day of the campaign's ad, with count and value of each action type, all by click."""
        listed = [
            [{"action_type": kind, **{window: str(one[place]) for window in
              ("value", "1d_click", "7d_click", "28d_click")}} for kind, one in counts.items()]
            for place in (0, 1)
        ]  # fmt: skip
        self.insights.append(
            {"account_id": META, "account_currency": "EUR", "campaign_id": campaign,
             "adset_id": f"{campaign}1", "ad_id": f"{campaign}2", "campaign_name": campaign,
             "date_start": day, "date_stop": day, "attribution_setting": "7d_click_1d_view",
             "impressions": "100", "clicks": "10", "spend": spend, "actions": listed[0],
             "action_values": listed[1]}
        )  # fmt: skip

    def answer(self, path: str, asked: Row) -> Any:
        edge = path.rpartition("/")[2]
        if edge == f"act_{META}":
            return {"account_id": META, "currency": "EUR", "timezone_name": "Europe/Lisbon",
                    "account_status": 1}  # fmt: skip
        if edge == "campaigns":
            return {"data": self.campaigns, "summary": {"total_count": len(self.campaigns)}}
        if edge != "insights" or asked.get("level") == "campaign":
            return {"data": [], "summary": {"total_count": 0}, "report_run_id": "1",
                    "async_status": "Job Completed"}  # fmt: skip
        span = json.loads(asked["time_range"])
        rows = [one for one in self.insights if span["since"] <= one["date_start"] <= span["until"]]
        if asked["level"] == "account":
            rows = [one for one in rows if one["campaign_id"] == rows[0]["campaign_id"]]
        fields = asked["fields"].split(",")
        summary = {name: str(sum(int(row[name]) for row in rows)) for name in
                   ("impressions", "clicks")}  # fmt: skip
        shown = [{name: row[name] for name in row if name in fields} for row in rows]
        return {"data": shown, "summary": summary, "paging": {"cursors": {"after": "x"}}}


def account() -> Row:
    return {"customer.id": GOOGLE, "customer.currency_code": "EUR",
            "customer.time_zone": "Europe/Lisbon"}  # fmt: skip


def of_ad(campaign: str) -> Row:
    return {"campaign.id": campaign, "ad_group.id": f"{campaign}1",
            "ad_group_ad.ad.id": f"{campaign}2"}  # fmt: skip


def camel(name: str) -> str:
    return re.sub("_(.)", lambda found: found[1].upper(), name)


def nested(row: Row) -> Row:
    """A row by field as Google's JSON nests it, with whole numbers as text."""
    result: Row = {}
    for name, value in row.items():
        if value is not None:
            *parents, leaf = camel(name).split(".")
            node = result
            for parent in parents:
                node = node.setdefault(parent, {})
            node[leaf] = str(value) if type(value) is int else value
    return result


@contextmanager
def opened(google: GoogleAds, meta: MetaAds) -> Iterator[str]:
    """The address both answer at, for as long as the block runs."""
    readers: dict[str, Callable[[str, Row], Any]] = {"google": google.answer, "meta": meta.answer}

    def answer(path: str, asked: Row) -> Any:
        return readers[path.split("/")[1]](path, asked)

    with answering(answer) as url:
        yield url
