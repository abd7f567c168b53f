"""What the company file says of pages and ads, and which step of the funnel a goal is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from built import PROJECT
from trueup.company import company_file, tables, weak_goals
from trueup.company.company_file import Company


@pytest.fixture
def content() -> dict[str, Any]:
    return yaml.safe_load((PROJECT / "company.yml").read_text("utf-8"))


def examined(tmp_path: Path, content: dict[str, Any]) -> company_file.Examined:
    path = tmp_path / "company.yml"
    path.write_text(yaml.safe_dump(content), "utf-8")
    return company_file.examine(path)


def company_of(tmp_path: Path, content: dict[str, Any]) -> Company:
    found = examined(tmp_path, content)
    assert found.problems == () and found.company
    return found.company


def test_a_step_is_known_whatever_the_company_calls_its_goal(tmp_path: Path, content) -> None:
    content["goals"]["basket"] = content["goals"].pop("add_to_cart")
    content["goals"]["interest"] = {
        "tier": "weak",
        "counts_as_revenue": False,
        "mappings": [
            {"source": "ga4", "selector": "begin_checkout"},
            {"source": "ga4", "selector": "view_item"},
            {"source": "ga4", "selector": "newsletter"},
        ],
    }
    steps = list(weak_goals.steps(company_of(tmp_path, content)))
    # of the two steps that one goal joins the first is the one that can be relied on
    assert sorted(steps) == [
        ("ga4", "basket", "add_to_cart"),
        ("ga4", "engaged_visit", "engaged_visit"),
        ("ga4", "form_start", "form_start"),
        ("ga4", "interest", "product_view"),
    ]


def test_a_company_without_events_takes_no_step() -> None:
    company = company_file.read(PROJECT / "tests" / "real" / "omnify" / "company.yml")
    assert list(weak_goals.steps(company)) == []


def test_pages_and_words_reach_the_models_in_the_files_order(tmp_path: Path, content) -> None:
    content["landing_pages"] = {
        "collapsed": [{"page": "x/.*", "collapsed_as": "/x/*"}],
        "topics": [
            {"topic": "spa", "page": "spa", "words": "spa", "offers": ["ten_off"]},
            {"topic": "rest", "page": ".*", "words": "."},
        ],
    }
    content["creatives"] = {
        "angles": [{"angle": "haste", "text": "last"}, {"angle": "calm", "text": "."}],
        "offers": [{"offer": "ten_off", "text": "10 ?%"}, {"offer": "ten_off", "text": "ten off"}],
    }
    with duckdb.connect() as con:
        con.execute("create schema company")
        tables.write(con, company_of(tmp_path, content))

        def held(table: str) -> list[Any]:
            return con.execute(f"from company.{table} order by all").fetchall()

        assert held("collapsed_pages") == [(1, "x/.*", "x/*")]
        assert held("page_topics") == [
            (1, "spa", "spa", "spa", True),
            (2, "rest", ".*", ".", False),
        ]
        assert held("topic_offers") == [(1, "ten_off")]
        assert held("angles") == [(1, "haste", "last"), (2, "calm", ".")]
        assert held("offers") == [(1, "ten_off", "10 ?%"), (2, "ten_off", "ten off")]


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        ({"landing_pages": {"topics": [{"topic": "a", "page": "(", "words": "b"}]}},
         "landing_pages.topics.0.page: "),
        ({"landing_pages": {"topics": [{"topic": "a", "page": "b"}]}},
         "landing_pages.topics.0.words: "),
        ({"landing_pages": {"collapsed": [{"page": "b", "collapsed_as": ""}]}},
         "landing_pages.collapsed.0.collapsed_as: "),
        ({"creatives": {"angles": [{"angle": "a", "text": "["}]}}, "creatives.angles.0.text: "),
        ({"creatives": {"hooks": []}}, "creatives.hooks: "),
        ({"landing_pages": {"topics": [
            {"topic": "a", "page": "b", "words": "c", "offers": ["two_for_onne"]}]}},
         "landing_pages.topics.0.offers: two_for_onne is none of creatives.offers"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_said_with_its_path(
    tmp_path: Path, content, part: dict[str, Any], problem: str
) -> None:
    found = examined(tmp_path, content | part)
    assert any(one.startswith(problem) for one in found.problems), found.problems


def test_the_demos_ads_are_found_as_people_read_them(content) -> None:
    def first(kind: str, name: str, text: str) -> str | None:
        for one in content["creatives"][kind]:
            if duckdb.execute("select regexp_matches(?, ?)", [text, one["text"]]).fetchone()[0]:
                return one[name]
        return None

    assert first("angles", "angle", "send a hamper in two days") == "speed"
    assert first("angles", "angle", "seasonal baskets") is None
    assert first("offers", "offer", "spa passes from 60 euro") == "from_60_euro"
