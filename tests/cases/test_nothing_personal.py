"""What is planted in every kind of input is found in no byte that is kept, printed or sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from pytest import MonkeyPatch

from cases.small_company import SECRETS, SmallCompany
from cases.test_web_analytics import purchase, write_events
from loopback import serving
from sandbox import demo
from sandbox.desk import Asked, Instead
from trueup.alerts import on_call

MAIL = "zebedee.quill@example.org"
PHONE = "+351912345678"
FIRST, LAST = "Zebedee", "Quillfeather"
IP = "203.0.113.77"
TOKEN = "shpat_7d3f9c01b2a84e56"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ6ZWJlZGVlIn0.c2lnbmF0dXJl"
HOOK = "T0PSECRETHOOKPATH"
QUERY = (
    f"email={MAIL}&e2={MAIL.replace('@', '%40')}&e3={MAIL.replace('@', '%2540')}"
    f"&phone={PHONE.replace('+', '%2B')}&first_name={FIRST}&lastname={LAST}"
    f"&name={FIRST}%20{LAST}&client_ip={IP}&access_token={TOKEN}&jwt={JWT}&utm_source=letter"
)
LINK = f"https://shop.example/thanks/{MAIL}/?{QUERY}#mail={MAIL}"
NOTE = f'"{FIRST} {LAST} rang from {PHONE}, {MAIL}, {IP}, {TOKEN}"'
#: What nothing may hold, in any case of letters and however it is encoded.
NEEDLES = [
    *(MAIL.replace("@", mark) for mark in ("@", "%40", "%2540")), "zebedee.quill", PHONE[1:],
    "912 345 678", LAST, FIRST, IP, TOKEN, JWT, JWT.split(".")[1], HOOK, *SECRETS.values(),
]  # fmt: skip
DAYS = [f"2026-09-{day:02}" for day in range(1, 11)]
VISIT = "click as click_id, 'gclid' as click_id_kind, source as utm_source, medium as utm_medium,"
VISIT += " campaign as utm_campaign, page as landing_page, referrer"
HEADER = "click,source,medium,campaign,page,referrer"
VISITED = f"x{MAIL},{MAIL},call {PHONE},{MAIL.replace('@', '%40')} {IP},{LINK},{LINK}"


@pytest.fixture(scope="module")
def messages() -> Iterator[tuple[str, list[str]]]:
    """A receiver that hears messages."""
    heard: list[str] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(200)
            self.end_headers()

    with serving(Receiver) as url:
        yield f"{url}/{HOOK}", heard


def planted(folder: Path, hook: str) -> SmallCompany:
    small = SmallCompany(folder)
    small.environment = {"TRUEUP_WEBHOOK_URL": hook, "TRUEUP_GATHER_SECONDS": "0"}
    small.more["tolerances"] = {"hold_share": 1}
    small.goal("sale", {"source": "files", "selector": "orders"})
    small.goal("ask", {"source": "files", "selector": "leads"}, tier="weak")
    add_ledger(small)
    add_ads(small)
    add_faults(small)
    return small


def add_ledger(small: SmallCompany) -> None:
    names = f"id,day,amount,who,note,phone,customer_name,ip,{HEADER}"
    person = f"{MAIL},{NOTE},{PHONE},{FIRST} {LAST},{IP},{VISITED}"
    bad = [
        f"B1,{DAYS[2]},about 10,{person}",
        f"B2,not a day,10,{person}",
        f"{MAIL},{DAYS[2]},10,{person}",
        f"B4,{DAYS[2]},-5,{person}",
        f"B5,{DAYS[2]},5,{person},{FIRST},{LAST},{PHONE}",
        f"{FIRST},{LAST},{PHONE[1:]}",
        f"A{DAYS[2]}0,{DAYS[2]},77,{person}",
        f"B6,2031-01-01,5,{person}",
    ]
    orders = f"select _row, id as order_id, day as ordered_date, amount as amount_local, {VISIT},"
    orders += " who as person_id, 'EUR' as currency_code from input"
    small.feed(
        "till", "orders", orders,
        [names, *(f"A{day}{n},{day},100,{person}" for day in DAYS for n in range(9)), *bad],
    )  # fmt: skip
    small.write(f"till {MAIL}.csv", f"{names}\nZ1,{DAYS[0]},x,{person}\nZ2,{DAYS[1]},3,{person}\n")
    small.feeds[-1]["path"] = "till[ _][!r]*.csv"
    small.feed(
        "till", "refunds",
        "select _row, id as refund_id, \"order\" as order_id, day as refunded_date,"
        " amount as amount_local, 'EUR' as currency_code from input",
        ["id,order,day,amount,note", f"R1,A{DAYS[0]}0,{DAYS[3]},5,{NOTE}",
         f"R2,{MAIL},{DAYS[3]},5,{NOTE}", f"R3,A{DAYS[0]}1,{DAYS[3]},five,{NOTE}"],
    )  # fmt: skip
    for stream, key, day in (("leads", "lead_id", "created"), ("touches", "touch_id", "touch")):
        origin = VISIT if stream == "leads" else "source as touch_source, page as landing_page,"
        origin += "" if stream == "leads" else " campaign as touch_campaign, click as click_id"
        small.feed(
            "web", stream,
            f"select _row, id as {key}, day as {day}_date, who as person_id, {origin} from input",
            [f"id,day,who,{HEADER}", *(f"L{day}{n},{day},{MAIL},{VISITED}" for day in DAYS
                                       for n in range(3)), f"{MAIL},{DAYS[1]},{MAIL},{VISITED}"],
        )  # fmt: skip


def add_ads(small: SmallCompany) -> None:
    small.feed(
        "maps", "ad_performance",
        "select _row, 'maps' as platform, campaign as campaign_id, name as campaign_name,"
        " day as ad_date, cost as spend_amount_local, 'EUR' as currency_code from input",
        ["day,campaign,name,cost", *(f"{day},{MAIL},for {MAIL} {PHONE} {IP},10" for day in DAYS),
         f"{DAYS[0]},{MAIL},{FIRST} {LAST},dear"],
    )  # fmt: skip
    small.feed(
        "maps", "claims",
        "select _row, 'maps' as platform, campaign as campaign_id, day as claim_date,"
        " action as action_id, action as action_name, 'click_date' as date_basis,"
        " 'EUR' as currency_code, 1 as claimed_conversions, 5 as claimed_amount_local from input",
        ["day,campaign,action", *(f"{day},{MAIL},sale {MAIL} {TOKEN}" for day in DAYS)],
    )  # fmt: skip


def add_faults(small: SmallCompany) -> None:
    """A feed without a file, selects that fail on what rows hold, and files that are none."""
    table = ["id,day,amount,name", f"{MAIL},{DAYS[0]},{FIRST} {LAST} {PHONE},{NOTE}"]
    strict = "select _row, id as order_id, day as ordered_date, {} as amount_local,"
    strict += " 'EUR' as currency_code from input"
    small.feed("cast", "orders", strict.format("cast(amount as int)"), table)
    small.feed("sum", "orders", strict.format("(amount || id)::date::varchar"), table)
    small.feed("gone", "orders", strict.format("1"), table)
    (small.folder / "gone_orders.csv").unlink()
    small.feeds[-1]["path"] = "gone/*.csv"
    small.feed("broken", "orders", strict.format("amount"), table)
    small.write(f"broken {MAIL}.json", '{"id": "' + f"{MAIL} {FIRST} {LAST}" + '", "day": ')
    small.feeds[-1]["path"] = "broken *.json"


def with_vendors(small: SmallCompany, sandbox: Any) -> None:
    """A shop and a property that send links with everything in them."""
    days = {day: [purchase(day, n, 10, "EUR") for n in range(8)] for day in range(1, 11)}
    for day, events in days.items():
        for event in events:
            event["event_params"] = [
                *event.get("event_params", []),
                {"key": "page_location", "value": {"string_value": LINK}},
                {"key": "page_referrer", "value": {"string_value": LINK}},
                {"key": "campaign", "value": {"string_value": f"for {MAIL}"}},
            ]
            event["user_id"] = MAIL
        write_events(small.folder / "export", f"events_202609{day:02}.ndjson", events)
    small.sources["ga4"] = {
        "base_url": str(small.folder / "export"),
        "accounts": [{"id": "1", "time_zone": "Europe/Lisbon", "currency": "EUR"}],
    }
    small.sources["shopify"] = {
        "base_url": f"{sandbox.url}/shopify",
        "accounts": [{"id": "harbour-house.myshopify.com", "time_zone": "Europe/Lisbon",
                      "currency": "EUR"}],
        "credentials": {"client_id": "shopify_client_id", "client_secret": "shopify_client_secret"},
    }  # fmt: skip
    secrets = {k: v for k, v in demo.environment().items() if "SHOPIFY" in k}
    NEEDLES.extend(value for name, value in secrets.items() if "SECRET" in name and len(value) > 8)
    small.environment |= secrets | {
        "TRUEUP_HTTP_ATTEMPTS": "2",
        "TRUEUP_HTTP_BACKOFF_SECONDS": "0.01",
    }
    sandbox.desk.spoil("shopify", linked, times=99)


def linked(asked: Asked, content: Any) -> Any:
    """Every link of an answer becomes one with all of it, and notes say it too."""
    if isinstance(content, dict) and content.get("data"):
        return _linked(content)
    return None


def _linked(content: Any) -> Any:
    if isinstance(content, dict):
        found = {key: _linked(value) for key, value in content.items()}
        return {k: LINK if k in ("landingPage", "referrerUrl") else v for k, v in found.items()}
    return [_linked(one) for one in content] if isinstance(content, list) else content


def refusing(asked: Asked, content: Any) -> Any:
    errors = [{"message": f"cannot serve {MAIL} {PHONE} with {TOKEN} from {IP}"}]
    return Instead(400, {"errors": errors, "customer": {"email": MAIL, "phone": PHONE}})


@pytest.fixture(scope="module")
def company(
    tmp_path_factory: pytest.TempPathFactory, messages: tuple[str, list[str]], _server: Any
) -> SmallCompany:
    # Of all that people call their folders.
    folder = tmp_path_factory.mktemp("planted") / 'o\'dd [a] "b" %20#q'
    folder.mkdir()
    small = planted(folder, messages[0])
    with_vendors(small, _server)
    day = DAYS[-1]
    said = [small.publish(day), small.run("rejects").text, small.run("status").text]
    _server.desk.clear_faults()
    _server.desk.spoil("shopify", refusing, times=99)
    said += [small.run("land", "shopify", "--day", DAYS[-1]).text]
    said += [small.run("loads").text, small.run("check").text]
    said += [small.run("query", "select email from t where x = '1'").text]
    with MonkeyPatch.context() as patch:
        patch.setenv("TRUEUP_HOME", str(small.folder / "var"))
        patch.setenv("TRUEUP_COMPANY", str(small.folder / "company.yml"))
        for name, value in small.environment.items():
            patch.setenv(name, value)
        for gate in ("landing/files", "landing/shopify", "mart"):
            on_call.report(gate)
            on_call.report_missing(gate, "after 3 tries; look at the log", "")
    _server.desk.clear_faults()
    small.output = "\n".join(said)
    return small


def found_in(text: str) -> list[str]:
    lowered = text.lower()
    return [needle for needle in NEEDLES if needle.lower() in lowered]


def tables_of(file: Path) -> Iterator[tuple[str, str]]:
    """Every table of a DuckDB file with all it holds, as text."""
    with duckdb.connect(str(file), read_only=True) as con:
        for schema, table in con.execute(
            "select table_schema, table_name from information_schema.tables"
        ).fetchall():
            rows = con.execute(f'from "{schema}"."{table}"').fetchall()
            yield f"{schema}.{table}", str(rows)


def test_something_was_landed_built_reported_and_went_wrong(
    company: SmallCompany, messages: tuple[str, list[str]]
) -> None:
    assert company.mart.exists() and messages[1]
    assert "did not land" in company.output and "set aside" in company.output
    assert company.query("select count(*) > 80 from marts.fct_conversions") == [(True,)]
    rows = company.query("select count(*) from health.fct_set_aside where set_by = 'intake'")
    assert rows[0][0] > 8
    [(pages,)] = company.query(
        "select count(*) from raw_shopify.orders"
        " where last_landing_page like '%utm_source=letter%'",
        company.build_file,
    )
    assert pages > 0, "a link keeps what is nobody's"


def test_no_output_and_no_message_says_what_was_planted(
    company: SmallCompany, messages: tuple[str, list[str]]
) -> None:
    assert found_in(company.output) == []
    assert found_in(json.dumps(messages[1], ensure_ascii=False)) == []


def test_no_byte_of_state_says_what_was_planted(company: SmallCompany) -> None:
    state = company.folder / "var"
    found: dict[str, list[str]] = {}
    kinds = set()
    for file in sorted(path for path in state.rglob("*") if path.is_file()):
        kinds.add(file.suffix)
        texts = {file.name: file.read_bytes().decode("latin-1"), "its name": str(file)}
        if file.suffix == ".parquet":
            texts["rows"] = str(pq.read_table(file).to_pylist())
        if file.suffix == ".duckdb":
            texts |= dict(tables_of(file))
        for place, text in texts.items():
            if hits := found_in(text):
                found[f"{file.relative_to(state)}: {place}"] = hits
    assert found == {}
    assert {".parquet", ".duckdb", ".json", ".jsonl", ".log"} <= kinds


def test_an_address_that_is_a_campaigns_id_keeps_campaigns_apart(company: SmallCompany) -> None:
    [(campaign, spend)] = company.query(
        "select campaign_id, sum(spend_amount) from marts.fct_campaign_daily"
        " where platform = 'maps' and spend_amount > 0 group by 1"
    )
    assert campaign.startswith("removed-") and spend == 10 * len(DAYS)
