"""A company's own name is found as people type it, and in no other word."""

from __future__ import annotations

import re

import duckdb
import pytest
import yaml

from built import PROJECT
from trueup.company import brand_terms, company_file


def found(term: str, query: str) -> bool:
    """As the models look for it."""
    sql = "select regexp_matches(strip_accents(lower(?)), ?)"
    return bool(duckdb.execute(sql, [query, brand_terms.pattern(term)]).fetchone()[0])


@pytest.mark.parametrize(
    ("term", "query", "is_brand"),
    [
        ("harbour house", "harbour house", True),
        ("harbour house", "HARBOUR HOUSE spa", True),
        ("harbour house", "harbourhouse", True),
        ("harbour house", "the harbour-house's menu", True),
        ("Harbour-House", "harbour house", True),
        ("harbour house", "harbour view house", False),
        ("harbour house", "harbour houses", False),
        ("harbour house", "boatharbour house", False),
        ("spa", "spain hotels", False),
        ("spa", "day spa", True),
        ("H&M", "h&m sale", True),
        ("H&M", "h m sale", True),
        ("Café Müller", "cafe muller", True),
        ("cafe muller", "Café Müller Öffnungszeiten", True),
        ("O'Neill", "oneill jacket", True),
        ("1&1", "1und1", False),
        ("7-Eleven", "7eleven near me", True),
        ("booking.com", "booking com login", True),
        ("москва", "МОСКВА отель", True),
        ("港屋", "東京港屋ホテル", True),
        ("라인", "라인 예약", True),
        ("a.b*c(", "a b c", True),
        ("straße", "straße", True),
    ],
)
def test_a_brand_term_is_found_as_it_is_typed(term: str, query: str, is_brand: bool) -> None:
    assert found(term, query) is is_brand


@pytest.mark.parametrize("term", ["", "  ", "a", "!?", "-"])
def test_a_term_that_would_be_in_every_search_is_none(term: str, tmp_path) -> None:
    content = yaml.safe_load((PROJECT / "company.yml").read_text("utf-8"))
    content["brand_terms"] = ["harbour house", term]
    path = tmp_path / "company.yml"
    path.write_text(yaml.safe_dump(content), "utf-8")
    (problem,) = company_file.examine(path).problems
    assert re.match(r"brand_terms\.1: ", problem)
