"""`trueup check`: everything that is wrong, of the company file and of what it names, at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from feed_files import ORDERS, SPEND
from trueup.__main__ import main
from unit.companies_to_check import CLAIMS, check, company, feeds_of, of_vendor

__all__ = ["company"]


def test_a_company_of_files_that_is_well(tmp_path: Path, company: dict[str, Any]):
    assert check(tmp_path, company) == []


def test_s5_selector_key_and_select_that_do_not_exist_are_all_listed(
    tmp_path: Path,
    company: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    """Case S5: selector `orderz`, feed key `pth:`, a SQL file that does not exist."""
    company["goals"]["sale"]["mappings"][0]["selector"] = "orderz"
    first, second, _ = feeds_of(company)
    first["pth"] = first.pop("path")
    second["sql"] = "nowhere.sql"
    del feeds_of(company)[2], company["goals"]["sale"]["mappings"][1]
    at = "sources.files.options.feeds"
    assert check(tmp_path, company) == [
        f"{at}.0.path: missing",
        f"{at}.0.pth: unknown key (misspelt?)",
        "goals.sale.mappings.0.selector: files has no 'orderz'; there are orders, till:orders",
        f"{at}.1: sql: there is no file nowhere.sql",
    ]
    monkeypatch.setenv("TRUEUP_COMPANY", str(tmp_path / "company.yml"))
    assert main(["check"]) == 1
    error = capsys.readouterr().err
    assert "4 problem(s)" in error
    assert all(word in error for word in ("'orderz'", "pth", "nowhere.sql"))


def test_s5_a_selector_that_may_be_an_action_is_held_against_the_claims_there_are(
    tmp_path: Path, company: dict[str, Any]
):
    company["goals"]["sale"]["mappings"][1]["selector"] = "Purchas"
    assert check(tmp_path, company) == [
        "sources.files.options.feeds: selector 'Purchas' of a goal: no feed or claimed action;"
        " there are Purchase, orders, till:orders"
    ]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"path": "tll.csv"}, "feeds.0: path: no file matches tll.csv"),
        ({"macros": "dates.sql"}, "feeds.0: macros: there is no file dates.sql"),
        ({"reader": {"delimm": ";"}}, "feeds.0.reader.delimm: unknown option (misspelt?)"),
        ({"reader": {"delim": "||"}}, "feeds.0.reader.delim: one character is wanted"),
        ({"reader": {"encoding": "latin-9x"}}, "feeds.0.reader.encoding: latin-9x is none of"),
        ({"reader": ";"}, "feeds.0.reader: should hold options and their values"),
        ({"stream": "orderz"}, "feeds.0.stream: no stream orderz"),
        ({"name": "maps", "stream": "ad_performance", "sql": "maps.sql", "path": "maps.csv"},
         "feeds.1.name: there are two feeds maps of ad_performance"),
        ({"headline_claim": {}}, "feeds.0.headline_claim: belongs to a feed of claims"),
        ({"tolerances": {"warn_share": 0.5}}, "feeds.0.tolerances: warn_share 0.5 is above"),
        ({"tolerances": {"hold": 0.5}}, "feeds.0.tolerances.hold: unknown key (misspelt?)"),
        ({"sql": 3}, "feeds.0.sql: should be text"),
    ],
)  # fmt: skip
def test_a_feed_that_is_written_wrong_is_reported_with_its_path(
    tmp_path: Path, company: dict[str, Any], changes: dict[str, Any], problem: str
):
    feeds_of(company)[0].update(changes)
    found = check(tmp_path, company)
    assert [text for text in found if problem in text], found


@pytest.mark.parametrize(
    ("file", "content", "problem"),
    [
        ("till.sql", "select _row frm input", "feeds.0: feed till: its select till.sql does not"),
        ("till.sql", ORDERS.replace("total as", "totl as"), "does not run on the file till.csv"),
        ("till.sql", ORDERS.replace("total as", "5 as price, total as"), "unknown ['price']"),
        ("till.sql", ORDERS.replace("_row,", ""), "missing ['_row']"),
        ("till.sql", ORDERS.replace("from input", ", 'sal' as goal from input"),
         "gives the goal sal, which the company file does not know"),
        ("till.csv", "id,day,total,total\nA1,2026-09-01,5,6\n",
         "its header has total twice; the second one is total_1"),
        ("till.csv", "id,day,total\nA1,01/09/2026,5\n",
         "not one usable row of 1: ordered_date is not DATE: like '9/9/9'"),
        ("till.csv", "id;day;total\nA1;2026-09-01;5\n", "cut by ';': reader {delim: ';'}"),
        ("till.csv", "id;day;total\nA1;2026-09-01;5,00\n", "cut by ';': reader {delim: ';'}"),
        ("till.csv", "A report; of all\nid,day,total\nA1,2026-09-01,5\n", "reader {skip: 1}"),
        ("till.sql", ORDERS.replace("total as", "amount_of(total) as"),
         "uses amount_of, which is no function: correct it, or name the file that defines it as"),
        ("maps.sql", SPEND.replace("'maps'", "'mapz'"),
         "platform maps of a channel rule: no feed gives it; there are claims, mapz"),
    ],
    ids=["sql", "column", "unknown-column", "no-row-number", "goal", "header-twice", "day-first",
         "delimiter", "decimal-comma", "title", "macro", "platform"],
)  # fmt: skip
def test_what_is_wrong_in_the_files_a_feed_names_is_reported(
    tmp_path: Path, company: dict[str, Any], file: str, content: str, problem: str
):
    (tmp_path / file).write_text(content, "utf-8")
    if file == "maps.sql":
        feeds_of(company)[1]["name"] = "listing"
        (tmp_path / "claims.sql").write_text(CLAIMS.replace("'maps'", "'claims'"), "utf-8")
    found = check(tmp_path, company)
    assert [text for text in found if problem in text], found


def test_every_file_that_cannot_be_used_is_named_and_the_others_are_read(
    tmp_path: Path, company: dict[str, Any]
):
    (tmp_path / "till1.csv").write_bytes(b"PK\x03\x04" + b"\0" * 50)
    (tmp_path / "till2.csv").write_text("id,day,price\nA2,2026-09-02,5\n", "utf-8")
    (tmp_path / "till3.csv").write_bytes("id,day,total,é\n".encode("utf-16"))
    (tmp_path / "till4.csv").write_bytes("id,day,total,é\nA4,2026-09-02,5,ü\n".encode("latin-1"))
    select = (tmp_path / "till.sql").read_text("utf-8")
    (tmp_path / "till.sql").write_text(select.replace("'sale'", "'sal'"), "utf-8")
    found = check(tmp_path, company)
    words = ("till1.csv is an Excel", "till4.csv is not in the encoding", "on the file till2.csv")
    assert [says for says, one in zip(words, found, strict=False) if says in one] == list(words)
    assert "gives the goal sal" in found[3] and len(found) == 4, found


def test_a_select_that_runs_on_no_file_is_reported_once(tmp_path: Path, company: dict[str, Any]):
    for n in (1, 2):
        (tmp_path / f"till{n}.csv").write_text("id,day,total\nA1,2026-09-01,5\n", "utf-8")
    (tmp_path / "till.sql").write_text(ORDERS.replace("total as", "totl as"), "utf-8")
    (found,) = check(tmp_path, company)
    assert "on the file till.csv" in found and found.endswith("on the other 2 file(s)")


def test_secrets_rates_and_domains_are_checked_too(
    tmp_path: Path, company: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("TRUEUP_SECRET_HASH_KEY", raising=False)
    select = (tmp_path / "till.sql").read_text("utf-8")
    (tmp_path / "till.sql").write_text(select.replace("'sale'", "id as person_id, 'sale'"), "utf-8")
    assert check(tmp_path, company) == [
        "secret hash_key: not set in TRUEUP_SECRET_HASH_KEY; an Airflow Connection hash_key would"
        " count in Airflow's tasks, and is not seen from here"
    ]
    company["reporting"]["fixed_rates"] = {"HUX": 1, "EUR": 1, "HUF": 0}
    company["own_domains"] = ["https://example.com"]
    company["tolerances"] = {"warn_share": 0.1}
    paths = {problem.split(":")[0] for problem in check(tmp_path, company)}
    assert paths == {
        "reporting.fixed_rates.HUX.[key]", "reporting.fixed_rates.HUF",
        "reporting.fixed_rates.EUR", "own_domains.0", "tolerances", "secret hash_key",
    }  # fmt: skip


def test_a_field_that_is_wrong_hides_neither_secrets_nor_what_files_hold(
    tmp_path: Path,
    company: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    for name in ("SHOPIFY_CLIENT_ID", "SHOPIFY_CLIENT_SECRET", "HASH_KEY"):
        monkeypatch.delenv(f"TRUEUP_SECRET_{name}", raising=False)
    company["brand_terms"] = "two inns"
    company["sources"]["shopify"] = of_vendor("shopify", account={"id": 4711})["sources"]["shopify"]
    feeds_of(company)[0]["path"] = "tll.csv"
    monkeypatch.setenv("TRUEUP_COMPANY", str(tmp_path / "company.yml"))
    found = check(tmp_path, company)
    assert [one.partition(":")[0] for one in found] == [
        "brand_terms",
        "sources.shopify.accounts.0.id",
        "sources.files.options.feeds.0",
        "secret hash_key",
        "secret shopify_client_id",
        "secret shopify_client_secret",
    ]
    assert main(["check"]) == 1
    printed = capsys.readouterr().err
    assert "3 problem(s) in the company file\n" in printed
    assert "\n3 secret(s) that it names are not set or of no use\n  - secret hash_key" in printed
    assert "correct the file, set the secrets and run" in printed
