"""Files: the gate reports names of UTF-8 that was read in another encoding, and no others."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
import yaml

from cases.small_company import SmallCompany
from feed_files import ORDERS, SPEND, SUITES

HEAD = "day,campaign,impressions,clicks,cost"


@pytest.fixture(scope="module")
def query() -> str:
    """The query of the expectation, on a table `names`."""
    suite = yaml.safe_load((SUITES / "files__ad_performance.yml").read_text("utf-8"))
    (found,) = [
        one["kwargs"]["unexpected_rows_query"]
        for one in suite["expectations"]
        if "another encoding" in one["meta"]["why"]
    ]
    return str(found).replace("{batch}", "names")


def misread(query: str, name: str) -> bool:
    with duckdb.connect() as con:
        con.execute("create table names as select 'c1' as campaign_id, ? as campaign_name", [name])
        return bool(con.execute(query).fetchall())


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("cp1252", name) for name in ("Große Straße", "5 € Rabatt")]
    + [
        (encoding, name)
        for encoding in ("cp1252", "latin-1")
        for name in ("Zürich", "Verão", "Côté mer", "Señal", "£ 20", "21 °C")
    ],
)
def test_a_name_that_was_read_in_another_encoding_is_known(query: str, name: str, encoding: str):
    assert misread(query, name.encode().decode(encoding)) and not misread(query, name)


@pytest.mark.parametrize(
    "name",
    ["AMANHÃ", "“AMANHÔ", "«IRMû", "NÃO PERCA", "PÂTES", "Ângela", "château", "MAÇÃ, 5 €",
     "SÃO JOÃO – 10%", "São Paulo", "CLIMÂ 20"],
)  # fmt: skip
def test_a_name_that_has_such_letters_is_well(query: str, name: str):
    assert not misread(query, name)


def test_the_gate_warns_of_a_feed_whose_reader_names_the_wrong_encoding(tmp_path: Path):
    company = SmallCompany(tmp_path)
    rows = [f"2026-09-{day:02},Zürich,10,1,10.00" for day in range(1, 31)]
    company.feed("maps", "ad_performance", SPEND, [HEAD, *rows], reader={"encoding": "cp1252"})
    orders = [f"A{day},2026-09-{day:02},100" for day in range(1, 31)]
    company.feed("till", "orders", ORDERS, ["id,day,total", *orders])
    company.goal("sale", {"source": "files", "selector": "orders"})
    company.channels.append({"channel": "maps_ads", "is_paid": True, "platform": "maps"})
    landed = company.land()
    assert "UTF-8 that was read in another encoding" in landed.text, landed.text
    assert "gate landing/files: warn" in landed.text, landed.text
