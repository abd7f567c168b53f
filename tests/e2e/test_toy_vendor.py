"""CONTRIBUTING's recipe, followed: a vendor the project has never heard of joins by its rooms and
one line of the registry, and stands in every mart."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import duckdb
import pytest

PROJECT = Path(__file__).parents[2]
TOY = PROJECT / "tests" / "toy_vendor"
COPIED = ("plugins", "dbt_project", "expectations", "docs")
DAY = "2026-09-02"
TOKEN = "let-me-in"
ROWS: dict[str, list[dict[str, Any]]] = {
    "ads": [
        {"campaign_id": "c1", "campaign_name": "Spring", "ad_id": "a1", "day": "2026-09-01",
         "views": 1000, "clicks": 20, "cost": "10.255"},
        {"campaign_id": "c1", "campaign_name": "Spring", "ad_id": "a2", "day": "2026-09-01",
         "views": 500, "clicks": 5, "cost": "2.50"},
        {"campaign_id": "c2", "campaign_name": "Autumn", "ad_id": "a3", "day": "2026-09-02",
         "views": 900, "clicks": 9, "cost": "4.00"},
    ],
    "accounts": [
        {"day": "2026-09-01", "views": 1500, "clicks": 25, "cost": "12.755"},
        {"day": "2026-09-02", "views": 900, "clicks": 9, "cost": "5.00"},
    ],
    "claims": [
        {"campaign_id": "c1", "ad_id": "a1", "day": "2026-09-01", "action": "purchase",
         "count": "2", "value": "150.00"},
    ],
    "orders": [
        {"order_id": "1001", "ordered_at": "2026-09-01T10:00:00+01:00", "day": "2026-09-01",
         "total": "90.00", "discount": "10.00", "email": "ana@example.com", "utm_source": "toy",
         "utm_medium": "cpc", "utm_campaign": "Spring"},
        {"order_id": "1002", "ordered_at": "2026-09-02T23:30:00+01:00", "day": "2026-09-02",
         "total": "40.00", "discount": None, "email": None, "utm_source": None, "utm_medium": None,
         "utm_campaign": None},
    ],
}  # fmt: skip


class Api(BaseHTTPRequestHandler):
    """Toy's own side: rows of the days asked for, and how many there are."""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            self.send_error(401)
            return
        rows = [
            {"account_id": asked["account"], "currency": "EUR", **row}
            for row in ROWS[url.path.strip("/").rpartition("/")[2]]
            if asked["since"] <= row["day"] < asked["until"]
        ]
        body = json.dumps({"rows": rows, "row_count": len(rows)}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the vendor's rooms and its line in the registry."""
    copy = tmp_path_factory.mktemp("project")
    for name in COPIED:
        leave = shutil.ignore_patterns("target", "logs", "__pycache__", ".user.yml")
        shutil.copytree(PROJECT / name, copy / name, ignore=leave)
    shutil.copytree(TOY, copy, dirs_exist_ok=True)
    registry = copy / "plugins" / "trueup" / "sources" / "registry.py"
    text = registry.read_text("utf-8")
    assert text.count('"shopify"') == 1
    registry.write_text(text.replace('"shopify"', '"shopify", "toy"'), "utf-8")
    return copy


@pytest.fixture(scope="module")
def mart(project: Path, url: str) -> Callable[[str], list[tuple[Any, ...]]]:
    """The vendor landed, built, judged and published; answers queries on the mart."""
    company = project / "company.yml"
    text = company.read_text("utf-8").replace("http://127.0.0.1:1\n", f"{url}\n")
    company.write_text(text, "utf-8")
    for words in (["docs"], ["check"], ["run", "--without-airflow", "--day", DAY]):
        done = trueup(project, *words)
        assert done.returncode == 0, f"{words}\n{done.stdout[-6000:]}\n{done.stderr[-6000:]}"

    def query(sql: str) -> list[tuple[Any, ...]]:
        path = project / "var" / "toy_town" / "mart.duckdb"
        with duckdb.connect(str(path), read_only=True) as con:
            return con.execute(sql).fetchall()

    return query


def trueup(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRUEUP_")}
    environment = kept | {
        "PYTHONPATH": str(project / "plugins"), "TRUEUP_PROJECT": str(project),
        "TRUEUP_HOME": str(project / "var"), "TRUEUP_COMPANY": str(project / "company.yml"),
        "TRUEUP_SECRET_TOY_TOKEN": TOKEN, "TRUEUP_SECRET_HASH_KEY": "a-key-of-the-tests",
        "TRUEUP_HTTP_ATTEMPTS": "2", "TRUEUP_HTTP_BACKOFF_SECONDS": "0.01",
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", "trueup", *words], cwd=project, env=environment,
        capture_output=True, text=True,
    )  # fmt: skip


def test_only_its_rooms_and_a_line_of_the_registry_name_it(project: Path):
    """What the copy has that the project has not, the generated contracts included."""
    rooms = ("sources/toy/", "staging/toy/", "landing/toy__", "sources/registry.py", "company.yml")
    naming = [
        str(path.relative_to(project))
        for name in ("plugins", "dbt_project", "expectations")
        for path in (project / name).rglob("*")
        if path.suffix in (".py", ".sql", ".yml") and "toy" in path.read_text("utf-8")
    ]
    assert naming and [path for path in naming if not any(room in path for room in rooms)] == []


def test_its_spend_is_in_every_mart_with_what_no_ad_shows(mart):
    performance = """
        select campaign_id, ad_id, spend_amount from marts.fct_ad_performance_daily
        where platform = 'toy' order by spend_amount desc
    """
    rows = mart(performance)
    assert [amount for *_, amount in rows] == [
        Decimal("10.255"), Decimal("4"), Decimal("2.5"), Decimal("1")
    ]  # fmt: skip
    total = [(Decimal("17.755"),)]
    assert mart("select sum(spend_amount) from marts.fct_campaign_daily") == total
    assert mart("select sum(spend_amount) from marts.fct_channel_daily") == total
    of_ads = "select sum(spend_amount) from marts.fct_channel_daily where channel = 'toy_ads'"
    assert mart(of_ads) == [(Decimal("16.755"),)]


def test_its_claims_are_in_every_mart_under_its_headline(mart):
    claims = """
        select campaign_id, action_id, goal, is_headline, claimed_conversions, claimed_amount
        from marts.fct_platform_claims where platform = 'toy'
    """
    assert mart(claims) == [("c1", "purchase", "sale", True, Decimal(2), Decimal(150))]
    daily = "select sum(claimed_amount) from marts.{} where claimed_amount is not null"
    for model in ("fct_campaign_daily", "fct_channel_daily"):
        assert mart(daily.format(model)) == [(Decimal(150),)]


def test_its_orders_are_conversions_with_their_money(mart):
    conversions = """
        select conversion_id, goal, status, attribution_state from marts.fct_conversions order by 1
    """
    found = mart(conversions)
    assert [row[:3] for row in found] == [
        ("toy:1001", "sale", "won"), ("toy:1002", "sale", "won")
    ]  # fmt: skip
    assert [row[3] for row in found] == ["attributed", "unobserved"]
    entries = """
        select conversion_id, entry_type, amount from marts.fct_ledger_entries order by 1, 2
    """
    assert mart(entries) == [
        ("toy:1001", "discount", Decimal(-10)),
        ("toy:1001", "sale", Decimal(100)),
        ("toy:1002", "sale", Decimal(40)),
    ]


def test_its_campaign_gets_the_revenue_its_link_names(mart):
    revenue = """
        select channel, sum(reconciled_revenue_amount) from marts.fct_channel_daily
        group by 1 having sum(reconciled_revenue_amount) != 0 order by 1
    """
    assert mart(revenue) == [("(unobserved)", Decimal(40)), ("toy_ads", Decimal(90))]
    campaign = """
        select campaign_id, sum(reconciled_revenue_amount) from marts.fct_campaign_daily
        group by 1 having sum(reconciled_revenue_amount) != 0
    """
    assert mart(campaign) == [("c1", Decimal(90))]


def test_its_rows_are_accounted_for(mart):
    accounts = """
        select stream, sum(offered_rows), sum(used_rows), sum(set_aside_rows)
        from health.fct_row_accounts where source = 'toy' group by 1 order by 1
    """
    assert mart(accounts) == [
        ("accounts", 2, 2, 0), ("ads", 3, 3, 0), ("claims", 1, 1, 0), ("orders", 2, 2, 0)
    ]  # fmt: skip
