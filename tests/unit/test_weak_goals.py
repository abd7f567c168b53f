"""Which goals are weak, which of them visits alone speak of, and what each may become."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from trueup.build import refresh
from trueup.company import company_file, tables, weak_goals
from trueup.company.company_file import Company
from trueup.errors import CompanyFileError

ROOT = Path(__file__).parents[2]
GA4 = {"source": "ga4", "selector": "add_to_cart"}


@pytest.fixture
def content() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "company.yml").read_text("utf-8"))


def read(tmp_path: Path, content: dict[str, Any]) -> Company:
    path = tmp_path / "company.yml"
    path.write_text(yaml.safe_dump(content), "utf-8")
    return company_file.read(path)


def weak(*mappings: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"tier": "weak", "counts_as_revenue": False, "mappings": list(mappings), **more}


def test_what_a_source_knows_as_weak_is_a_goal_where_no_goal_maps_it(tmp_path: Path, content):
    company = read(tmp_path, content)
    goals = weak_goals.in_force(company)
    assert {name for name in goals if name not in company.goals} == {
        "engaged_visit", "product_view", "begin_checkout", "form_start"
    }  # fmt: skip
    assert all(goals[name].tier == "weak" for name in goals if name not in company.goals)
    assert not any(goal.counts_as_revenue for goal in goals.values() if goal.tier == "weak")
    # generate_lead is mapped to the enquiry, add_to_cart to the file's own goal of that name
    assert goals["add_to_cart"] == company.goals["add_to_cart"]


CASES = {
    "a form without records behind it is a goal of visits": (
        {"enquiry": weak({"source": "ga4", "selector": "generate_lead"})},
        {("generate_lead", "enquiry")},
        set(),
    ),
    "the CRM's enquiries speak for the goal": (
        {"enquiry": weak({"source": "ga4", "selector": "generate_lead"},
                         {"source": "hubspot", "selector": "form:contact"})},
        set(),
        {("generate_lead", "enquiry")},
    ),
    "enquiries from a file do too": (
        {"enquiry": weak({"source": "ga4", "selector": "generate_lead"},
                         {"source": "files", "selector": "leads"})},
        set(),
        {("generate_lead", "enquiry")},
    ),
    "of one feed": (
        {"enquiry": weak({"source": "ga4", "selector": "generate_lead"},
                         {"source": "files", "selector": "fair:leads"})},
        set(),
        {("generate_lead", "enquiry")},
    ),
    "claims from a file are no records": (
        {"basket": weak(GA4, {"source": "files", "selector": "Add to cart"})},
        {("add_to_cart", "basket")},
        set(),
    ),
    "nor are a platform's claims": (
        {"basket": weak(GA4, {"source": "google_ads", "selector": "Add to cart"})},
        {("add_to_cart", "basket")},
        set(),
    ),
    "an event of the company's own": (
        {"brochure": weak({"source": "ga4", "selector": "file_download"})},
        {("file_download", "brochure")},
        set(),
    ),
    "an engaged visit under another name": (
        {"reader": weak({"source": "ga4", "selector": "engaged_session"})},
        {("engaged_session", "reader")},
        {("engaged_session", "engaged_visit")},
    ),
    "an event of a strong goal is none": (
        {"trial": {"tier": "strong", "counts_as_revenue": True,
                   "mappings": [{"source": "ga4", "selector": "form_start"}]}},
        set(),
        {("form_start", "form_start"), ("form_start", "trial")},
    ),
    "a strong goal of a known name takes nothing in": (
        {"begin_checkout": {"tier": "strong", "counts_as_revenue": True,
                            "mappings": [{"source": "shopify", "selector": "order"}]}},
        set(),
        {("begin_checkout", "begin_checkout")},
    ),
    "a weak goal of a known name takes the event in": (
        {"product_view": weak({"source": "google_ads", "selector": "View"})},
        {("view_item", "product_view")},
        set(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_events_are_goals_of_visits_where_no_record_speaks(tmp_path: Path, content, case: str):
    goals, there, missing = CASES[case]
    content = deepcopy(content)
    mapped = {
        (one["source"], one["selector"]) for goal in goals.values() for one in goal["mappings"]
    }
    for goal in content["goals"].values():
        kept = [one for one in goal["mappings"] if (one["source"], one["selector"]) not in mapped]
        goal["mappings"] = kept or [{"source": "google_ads", "selector": "another"}]
    content["goals"] = {**content["goals"], **goals}
    content["sources"]["files"] = {"options": {"feeds": [
        {"name": "fair", "stream": "leads", "path": "fair.csv", "sql": "fair.sql"},
        {"name": "ads", "stream": "claims", "path": "ads.csv", "sql": "ads.sql"},
    ]}}  # fmt: skip
    found = {
        (selector, goal) for _, selector, goal, _ in weak_goals.of_visits(read(tmp_path, content))
    }
    assert there <= found
    assert not missing & found


def test_a_company_may_do_without_what_it_does_not_name(tmp_path: Path, content):
    content["has_default_weak_goals"] = False
    company = read(tmp_path, content)
    assert set(weak_goals.in_force(company)) == set(content["goals"])
    assert [goal for *_, goal, _ in weak_goals.of_visits(company)] == ["add_to_cart"]


def test_a_company_of_files_has_no_weak_goals_but_its_own():
    for name in ("omnify", "olist"):
        company = company_file.read(ROOT / "tests" / "real" / name / "company.yml")
        assert set(weak_goals.in_force(company)) == set(company.goals)
        assert list(weak_goals.of_visits(company)) == []


def test_a_weak_goal_becomes_what_it_names_or_any_strong_one(tmp_path: Path, content):
    outcomes = set(weak_goals.outcomes(read(tmp_path, content)))
    assert {outcome for goal, outcome in outcomes if goal == "add_to_cart"} == {"shop_order"}
    strong = {name for name, goal in content["goals"].items() if goal["tier"] == "strong"}
    for goal in ("product_view", "(unmapped)"):
        assert {outcome for name, outcome in outcomes if name == goal} == strong | {"(unmapped)"}
    assert not {goal for goal, _ in outcomes} & strong


def test_the_models_get_the_window_of_each_goal(tmp_path: Path, content):
    content["attribution"] = {"lookback_days": 45}
    with duckdb.connect() as con:
        con.execute("create schema company")
        tables.write(con, read(tmp_path, content))
        windows = dict(con.execute("select goal, window_days from company.goals").fetchall())
        engaged = con.execute("select goal from company.visit_goals where is_engagement").fetchall()
    assert (windows["add_to_cart"], windows["wedding_enquiry"]) == (14, 60)
    assert windows["product_view"] == 45
    assert engaged == [("engaged_visit",)]


PROBLEMS = {
    "becomes what is no goal": (
        weak(GA4, becomes=["sale"]),
        "goals.x.becomes.0: sale is no strong",
    ),
    "becomes a weak one": (weak(GA4, becomes=["event_enquiry"]), "event_enquiry is no strong goal"),
    "a window of nothing": (weak(GA4, window_days=0), "goals.x.window_days: "),
    "revenue": (weak(GA4) | {"counts_as_revenue": True}, "goals.x.counts_as_revenue: "),
    "a strong one with a window": (
        weak(GA4, window_days=3) | {"tier": "strong", "counts_as_revenue": True},
        "goals.x: becomes and window_days are of weak goals",
    ),
}


@pytest.mark.parametrize("case", PROBLEMS)
def test_what_cannot_be_meant_is_said_with_its_path(tmp_path: Path, content, case: str):
    goal, problem = PROBLEMS[case]
    content["goals"] = {
        name: one for name, one in content["goals"].items() if name != "add_to_cart"
    }
    content["goals"]["x"] = goal
    with pytest.raises(CompanyFileError) as caught:
        read(tmp_path, content)
    assert [one for one in caught.value.problems if problem in one], caught.value.problems


def test_a_change_of_what_sources_know_builds_everything_anew(tmp_path: Path, content, monkeypatch):
    company = read(tmp_path, content)
    before = refresh.signature(company, "code")
    source = company.known("ga4")
    changed = {**source.weak_goals, "search": "view_search_results"}
    monkeypatch.setitem(source.__dict__, "weak_goals", changed)
    assert refresh.signature(company, "code") != before
