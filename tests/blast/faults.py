"""Answers spoilt as vendors spoil them."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

from blast.scene import Scene
from sandbox.desk import Asked, Change, Instead
from sandbox.vendors.google_ads_gaql import Failure
from sandbox.vendors.google_ads_refusals import envelope

BROKEN = date(2026, 9, 11)
FOR_EVER = 10_000


def ordered(vendor: str, fault: str, times: int) -> Any:
    return lambda scene: scene.desk.order_fault(vendor, fault, times)


def spoilt(vendor: str, change: Change, times: int = FOR_EVER) -> Any:
    return lambda scene: scene.desk.spoil(vendor, change, times)


def secret(name: str, value: str = "another") -> Any:
    return lambda scene: scene.monkeypatch.setenv(f"TRUEUP_SECRET_{name.upper()}", value)


def instead(status: int, content: Any, path: str = "", headers: Any = None) -> Change:
    """A whole answer in place of the vendor's, for every path that holds `path`."""
    answer = Instead(status, content, headers or {})
    return lambda asked, _: answer if path in asked.path else None


# Google Ads


def google(family: str, name: str, resource: str = "", http: int = 400) -> Change:
    refusal = Instead(http, [envelope(Failure(family, name, "no", http=http))])

    def change(asked: Asked, _: Any) -> Instead | None:
        query = str(asked.params.get("query", ""))
        return refusal if query and f"FROM {resource}" in query else None

    return change


def google_day(asked: Asked, _: Any) -> Instead | None:
    days = re.findall(r"'(\d{4}-\d\d-\d\d)'", str(asked.params.get("query", "")))
    is_in = len(days) == 2 and days[0] <= str(BROKEN) <= days[1]
    return google("assetMoodError", "ASSET_IS_SAD")(asked, _) if is_in else None


def google_odd_row(asked: Asked, answer: Any) -> Any:
    if "FROM campaign" not in str(asked.params.get("query")):
        return None
    answer[0]["results"][3]["metrics"]["costMicros"] = "many"
    return answer


def google_click_twice(asked: Asked, answer: Any) -> Any:
    if "FROM click_view" not in str(asked.params.get("query")):
        return None
    twice = json.loads(json.dumps(answer["results"][0]))
    twice["clickView"]["adGroupAd"] = "customers/1/adGroupAds/2~77"
    answer["totalResultsCount"] = str(int(answer["totalResultsCount"]) + 1)
    return answer | {"results": [*answer["results"], twice]}


def two_google_accounts(scene: Scene) -> None:
    accounts = scene.source("google_ads")["accounts"]
    accounts.insert(0, {**accounts[0], "id": "4711002209"})


# Meta


def meta(code: int, subcode: int | None = None, path: str = "", message: str = "") -> Change:
    error = {"code": code, "error_subcode": subcode, "message": message}
    return instead(400, {"error": error}, path)


def meta_job_gone(asked: Asked, _: Any) -> Instead | None:
    node = asked.path.split("/")[1]
    is_result = node.isdigit() and asked.path.endswith("/insights")
    return Instead(400, {"error": {"code": 100, "error_subcode": 33}}) if is_result else None


def meta_as_jobs(scene: Scene) -> None:
    scene.source("meta_ads")["options"] = {"sync_days": 1}
    scene.desk.spoil("meta_ads", meta_job_gone, 1)


def meta_day(asked: Asked, _: Any) -> Instead | None:
    days = asked.params.get("time_range")
    is_in = days and days["since"] <= str(BROKEN) <= days["until"]
    return Instead(400, {"error": {"code": 100, "error_subcode": 1487534}}) if is_in else None


def meta_all_time(asked: Asked, _: Any) -> Instead | None:
    days = asked.params.get("time_range")
    first, last = (date.fromisoformat(days[end]) if days else BROKEN for end in ("since", "until"))
    words = "Please reduce the amount of data you're asking for, then retry your request"
    is_much = (last - first).days > 60
    return Instead(500, {"error": {"code": 1, "message": words}}) if is_much else None


def meta_odd_row(asked: Asked, answer: Any) -> Any:
    if "insights" not in asked.path or not answer.get("data"):
        return None
    answer["data"][2]["clicks"] = "many"
    return answer


def meta_row_twice(asked: Asked, answer: Any) -> Any:
    if "insights" not in asked.path or not answer.get("data"):
        return None
    twice = answer["data"][2] | {"impressions": "0", "clicks": "0", "spend": "77.00"}
    return answer | {"data": [*answer["data"], twice]}


def two_meta_accounts(scene: Scene) -> None:
    accounts = scene.source("meta_ads")["accounts"]
    accounts.insert(0, {**accounts[0], "id": "act_1"})


# GA4 over BigQuery

GOOGLE_MOOD = {"error": {"errors": [{"reason": "mood"}]}}


def ga4_day(asked: Asked, answer: Any) -> Any:
    if not asked.path.endswith(f"events_{BROKEN:%Y%m%d}"):
        return None
    fields = [field for field in answer["schema"]["fields"] if field["name"] != "privacy_info"]
    return answer | {"schema": {"fields": fields}}


def ga4_not_a_number(asked: Asked, answer: Any) -> Any:
    if not asked.path.endswith("/data"):
        return None
    text = json.dumps(answer)
    # Of a parameter's parts the number is the last; a purchase's revenue is not.
    revenue = r'"v": "\d{2,3}\.\d{1,2}"(?=}, \{)'
    changed = re.sub(revenue, '"v": "NaN"', text, count=1)
    return json.loads(changed) if changed != text else None


def two_properties(scene: Scene) -> None:
    source = scene.source("ga4")
    source["options"].pop("dataset")
    source["accounts"].insert(0, {**source["accounts"][0], "id": "2"})


# HubSpot


def hubspot_odd_contact(asked: Asked, answer: Any) -> Any:
    if not asked.path.endswith("contacts/search") or len(answer["results"]) < 3:
        return None
    answer["results"][2]["properties"]["lastmodifieddate"] = "soon"
    return answer


class DealGone:
    """A deal that the search lists and nothing else knows."""

    def __init__(self) -> None:
        self.id: str | None = None

    def __call__(self, asked: Asked, answer: Any) -> Any:
        if not asked.path.endswith("deals/batch/read") or not answer.get("results"):
            return None
        self.id = self.id or answer["results"][0]["id"]
        left = [record for record in answer["results"] if record["id"] != self.id]
        return Instead(207, {**answer, "results": left, "numErrors": 1, "errors": [{}]})


def hubspot_forbidden(asked: Asked, _: Any) -> Instead | None:
    refusal = {"status": "error", "category": "MISSING_SCOPES", "message": "no deals for you"}
    return Instead(403, refusal) if "objects/deals" in asked.path else None


def two_portals(scene: Scene) -> None:
    accounts = scene.source("hubspot")["accounts"]
    accounts.insert(0, {**accounts[0], "id": "13579"})


# Shopify


def listing(asked: Asked, answer: Any, field: str = "") -> list[Any]:
    query = str(asked.params.get("query"))
    if "orders(" not in query or field not in query or not answer.get("data"):
        return []
    found: list[Any] = answer["data"]["orders"]["nodes"]
    return found


def shopify_error(code: str, field: str = "") -> Change:
    error = {"message": "no", "extensions": {"code": code}, "path": ["orders"]}
    return lambda asked, answer: {"errors": [error]} if listing(asked, answer, field) else None


def shopify_odd_order(asked: Asked, answer: Any) -> Any:
    nodes = listing(asked, answer, "subtotalPriceSet")
    if len(nodes) < 3:
        return None
    nodes[2]["totalTipReceivedSet"]["shopMoney"]["amount"] = "some"
    return answer


class OrderInPart:
    """Data and errors side by side, whenever one certain order is shown."""

    def __init__(self, is_whole: bool) -> None:
        self.id, self._is_whole = "", is_whole

    def __call__(self, asked: Asked, answer: Any) -> Any:
        nodes = listing(asked, answer, "subtotalPriceSet")
        self.id = self.id or (nodes[1]["id"] if len(nodes) > 1 else "")
        at = [n for n, node in enumerate(nodes) if node["id"] == self.id]
        if not at:
            return None
        field = "customerJourneySummary" if self._is_whole else "totalPriceSet"
        error = {
            "message": "no",
            "extensions": {"code": "INTERNAL_SERVER_ERROR"},
            "path": ["orders", "nodes", at[0], field],
        }
        if not self._is_whole:
            return {"data": None, "errors": [error]}
        nodes[at[0]][field] = None
        return answer | {"errors": [error]}


def two_shops(scene: Scene) -> None:
    accounts = scene.source("shopify")["accounts"]
    accounts.insert(0, {**accounts[0], "id": "another.myshopify.com"})


# The ECB


def rate_odd(asked: Asked, text: str) -> str:
    return re.sub(r"(USD,EUR,SP00,A,2026-09-10,)[0-9.]+", r"\1about 1", text)


def rate_ended(asked: Asked, text: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(x for x in lines if ",GBP," not in x or x.split(",")[6] < str(BROKEN))


def rates_without_a_day(asked: Asked, text: str) -> str:
    return "".join(x for x in text.splitlines(keepends=True) if f",{BROKEN}," not in x)


def rates_silent(asked: Asked, text: str) -> str:
    head, *lines = text.splitlines(keepends=True) or [""]
    return head + "".join(x for x in lines if x.split(",")[6] <= "2026-09-04")


# Files


def edited(name: str, old: str, new: str) -> Any:
    def deal(scene: Scene) -> None:
        path = scene.folder / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return deal
