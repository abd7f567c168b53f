"""The seeds of links: what parameters and pages mean, and that the company file knows the same."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest
from pydantic import TypeAdapter

from trueup.company.click_id_kinds import ClickIdKind
from trueup.company.parts import ChannelRule, Host

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"
OF_CLICKS = ("click_id", "mark", "ad_campaign_id")
WORDS = ("source", "medium", "campaign_name", "campaign_id")
KINDS = (
    "search", "social", "video", "shopping", "ai_assistant", "email", "payment", "login", "site",
    "search_ads", "display_ads", "preview",
)  # fmt: skip


def rows(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_channel_rules_name_the_parameters_the_models_know():
    known = [row["parameter"] for row in rows("link_parameters") if row["meaning"] in OF_CLICKS]
    assert sorted(get_args(ClickIdKind)) == sorted(known)
    with pytest.raises(ValueError, match="click_id_kind"):
        ChannelRule(channel="paid", click_id_kind="gclidd")


def test_a_parameter_means_one_thing_and_words_prove_no_click():
    found = rows("link_parameters")
    assert {row["meaning"] for row in found} == {*OF_CLICKS, *WORDS}
    assert max(Counter(row["parameter"] for row in found).values()) == 1
    assert all(row["parameter"] == row["parameter"].lower() for row in found)
    assert {row["is_click_paid"] for row in found if row["meaning"] in WORDS} == {"false"}
    assert all(row["medium"] for row in found if row["is_click_paid"] == "true")


def test_a_page_is_known_once_and_by_its_own_host():
    found = rows("referrers")
    assert max(Counter(row["host"] for row in found).values()) == 1
    assert {row["kind"] for row in found} == set(KINDS)
    assert not [row for row in found if row["host"].startswith("www.") or "/" in row["host"]]
    assert all(row["source"] for row in found)


@pytest.mark.parametrize(
    ("written", "read"),
    [("www.Shop.Example", "shop.example"), ("b\u00fccher.example", "xn--bcher-kva.example"),
     ("shop.\u0440\u0444", "shop.xn--p1ai")],
)  # fmt: skip
def test_a_host_is_kept_as_browsers_write_it(written: str, read: str):
    assert TypeAdapter(Host).validate_python(written) == read


def test_the_page_names_every_parameter():
    page = (SEEDS.parents[1] / "docs" / "sources" / "web-visits.md").read_text("utf-8")
    assert [
        r["parameter"] for r in rows("link_parameters") if f"`{r['parameter']}`" not in page
    ] == []
