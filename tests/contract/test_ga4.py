"""GA4: Google's client and a live export's schema against the sandbox, then our extraction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Timer
from typing import Any

import duckdb
import fsspec
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import yaml
from google.cloud import bigquery
from google.oauth2 import service_account as google_keys

from contract.ga4_property import (
    DATASET,
    EVENTS,
    access_to,
    bucket,
    event,
    land,
    landed,
    write_events,
)
from sandbox import bigquery_export, keys
from trueup.company import company_file
from trueup.errors import CompanyFileError
from trueup.landing.store import Landing
from trueup.settings import HASH_KEY
from trueup.sources import google_service_account
from trueup.sources.contract import Absent, Account, ControlTotal
from trueup.sources.ga4 import SOURCE, client
from trueup.sources.ga4 import rows as event_rows
from trueup.sources.ga4.tables import DayTable
from trueup.window import Window

KNOWN_BY = datetime.fromisoformat("2026-09-15T06:00")
DAY = date(2026, 9, 13)
ONE_DAY = Window(DAY, DAY + timedelta(days=1))


@pytest.fixture(scope="session")
def files(world: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The daily tables of 8 to 14 September as files, by format."""
    folders = {}
    for form in ("parquet", "ndjson"):
        folders[form] = tmp_path_factory.mktemp(form)
        bigquery_export.write_files(
            world,
            folders[form],
            since=date(2026, 9, 8),
            until=date(2026, 9, 15),
            known_by=KNOWN_BY,
            form=form,
        )
    return folders


@pytest.fixture
def google(sandbox: Any) -> bigquery.Client:
    key = yaml.safe_load(keys.service_account(sandbox.desk.state, sandbox.url))
    scopes = ["https://www.googleapis.com/auth/bigquery"]
    return bigquery.Client(
        project="harbour-house",
        credentials=google_keys.Credentials.from_service_account_info(key, scopes=scopes),
        client_options={"api_endpoint": sandbox.url},
    )


def by_event(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = ("event_timestamp", "event_name", "batch_event_index")
    return sorted(rows, key=lambda row: [row[name] for name in names])


def test_googles_client_reads_exactly_the_exported_rows(
    google: bigquery.Client, files: dict[str, Path]
) -> None:
    name = f"harbour-house.{DATASET}.events_{DAY:%Y%m%d}"
    exported = pq.read_table(files["parquet"] / f"events_{DAY:%Y%m%d}-000000000000.parquet")
    served = [dict(row.items()) for row in google.list_rows(name, page_size=90)]
    assert google.get_table(name).num_rows == exported.num_rows == len(served) > 180
    assert by_event(served) == by_event(exported.to_pylist())


def test_googles_client_reads_selected_subfields(google: bigquery.Client) -> None:
    table = google.get_table(f"harbour-house.{DATASET}.events_{DAY:%Y%m%d}")
    wanted = [field for field in table.schema if field.name in ("event_name", "device")]
    row = next(iter(google.list_rows(table, selected_fields=wanted, max_results=1)))
    assert set(row.keys()) == {"event_name", "device"}
    assert set(row["device"]) == {field.name for field in wanted[1].fields}


def test_tables_stand_as_the_clock_says(google: bigquery.Client, sandbox: Any) -> None:
    sandbox.desk.set_clock(datetime.fromisoformat("2026-09-15T04:59"))
    names = {table.table_id for table in google.list_tables(DATASET, page_size=20)}
    assert {"events_20260801", "events_20260913"} < names
    assert {name for name in names if "intraday" in name} == {
        "events_intraday_20260914",
        "events_intraday_20260915",
    }
    assert google.get_table(f"{DATASET}.events_intraday_20260914").streaming_buffer is not None


def test_the_schema_is_that_of_a_live_export(
    google: bigquery.Client, shared: Callable[[str], Path]
) -> None:
    published = yaml.safe_load(shared("contracts/ga4_export/schema.yaml").read_text())["fields"]
    # Mozilla, whose table it is, adds the day its copy was made.
    published = [field for field in published if field["name"] != "submission_date"]
    table = google.get_table(f"{DATASET}.events_{DAY:%Y%m%d}")
    assert [field.to_api_repr() for field in table.schema] == published


def test_rest_and_files_land_the_same_rows(
    sandbox: Any, landing: Landing, files: dict[str, Path], tmp_path: Path
) -> None:
    load = land(landing, access_to(sandbox, tmp_path))
    over_rest = landed(landing, load)
    for folder in files.values():
        assert landed(landing, land(landing, bucket(folder))).equals(over_rest)
    assert load.row_count > 500
    assert load.extra_columns == ()


def test_any_fsspec_store_is_read(landing: Landing, files: dict[str, Path], tmp_path: Path) -> None:
    memory = fsspec.filesystem("memory")
    memory.put(str(files["parquet"]), "memory://export", recursive=True)
    remote = land(landing, bucket(tmp_path, url="memory://export"))
    assert landed(landing, remote).equals(landed(landing, land(landing, bucket(files["parquet"]))))


def test_every_page_is_fetched_and_page_size_changes_nothing(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    before = sandbox.desk.calls["bigquery"]
    small = land(landing, access_to(sandbox, tmp_path, page_size=50), ONE_DAY)
    pages = sandbox.desk.calls["bigquery"] - before
    large = land(landing, access_to(sandbox, tmp_path, page_size=10_000), ONE_DAY)
    assert pages > small.row_count / 50
    assert landed(landing, small).equals(landed(landing, large))


def test_a_second_run_lands_identical_rows(sandbox: Any, landing: Landing, tmp_path: Path) -> None:
    first, second = (land(landing, access_to(sandbox, tmp_path), ONE_DAY) for _ in range(2))
    assert landed(landing, first).equals(landed(landing, second))


def test_one_export_for_two_properties_is_read_once(sandbox: Any, tmp_path: Path) -> None:
    two = (Account("310100200", "Europe/Lisbon", "EUR"), Account("2", "Europe/Lisbon", "EUR"))
    properties = replace(access_to(sandbox, tmp_path), accounts=two)
    assert [name for name, _ in SOURCE.parts(properties, EVENTS)] == ["310100200", "2"]
    one_dataset = replace(access_to(sandbox, tmp_path, dataset=DATASET), accounts=two)
    one_folder = replace(bucket(tmp_path), accounts=two)
    for access in (one_dataset, one_folder):
        [(name, narrowed)] = SOURCE.parts(access, EVENTS)
        assert name == "310100200" and narrowed.accounts == two[:1]


def test_late_events_arrive_by_restatement_and_end_final(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    morning_after = DAY + timedelta(days=1)
    loads = []
    for days_on in range(EVENTS.restate_days + 1):
        sandbox.desk.set_clock(
            datetime.combine(morning_after + timedelta(days=days_on), KNOWN_BY.time())
        )
        loads.append(landed(landing, land(landing, access_to(sandbox, tmp_path), ONE_DAY)))
    counts = [rows.num_rows for rows in loads]
    assert counts == sorted(counts)
    assert counts[-1] > counts[0]
    assert [pc.all(rows["is_final"]).as_py() for rows in loads] == [False, False, False, True]
    assert set(loads[0]["event_key"].to_pylist()) < set(loads[-1]["event_key"].to_pylist())


def test_an_open_day_is_read_from_its_intraday_table(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    sandbox.desk.set_clock(datetime.fromisoformat("2026-09-14T22:00"))
    window = Window(date(2026, 9, 13), date(2026, 9, 15))
    rows = landed(landing, land(landing, access_to(sandbox, tmp_path), window))
    kinds = {
        (row["event_date"], row["table_kind"])
        for row in rows.select(["event_date", "table_kind"]).to_pylist()
    }
    assert kinds == {(date(2026, 9, 13), "daily"), (date(2026, 9, 14), "intraday")}
    intraday = rows.filter(pc.equal(rows["table_kind"], "intraday"))
    assert intraday["session_source"].null_count == intraday.num_rows
    assert not pc.any(intraday["is_final"]).as_py()


def test_days_are_those_of_the_property(sandbox: Any, landing: Landing, tmp_path: Path) -> None:
    """Lisbon is an hour ahead of UTC in summer: a day begins at 23:00 of the day before."""
    rows = landed(landing, land(landing, access_to(sandbox, tmp_path)))
    con = duckdb.connect()
    con.execute("set TimeZone = 'Europe/Lisbon'")
    con.register("rows", rows)
    assert con.execute("select bool_and(event_at::date = event_date) from rows").fetchone()[0]
    counts = sandbox.desk.rows(
        """select count(*) as n from ga4_events
        where event_at >= '2026-09-11 23:00' and event_at < '2026-09-14 23:00'
            and known_at <= $now"""
    )
    assert rows.num_rows == counts[0]["n"]


def test_consent_travels_and_people_do_not(landing: Landing, files: dict[str, Path]) -> None:
    rows = landed(landing, land(landing, bucket(files["parquet"])))
    denied = rows.filter(pc.equal(rows["analytics_storage"], "No"))
    assert 0 < denied.num_rows < rows.num_rows
    assert denied["user_pseudo_id"].null_count == denied.num_rows
    assert "user_id" not in rows.column_names
    assert not {"city", "metro", "ip"} & set(rows.column_names)


def test_the_token_is_kept_until_it_ends(
    sandbox: Any, landing: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = sandbox.desk.calls
    requests, tokens = calls["bigquery"], calls["google_sign_in"]
    land(landing, access_to(sandbox, tmp_path), ONE_DAY)
    requests, tokens = calls["bigquery"] - requests, calls["google_sign_in"] - tokens
    assert tokens == 1
    before = calls["google_sign_in"]
    monkeypatch.setattr(google_service_account, "MARGIN", 3601)  # every token has ended at once
    land(landing, access_to(sandbox, tmp_path), ONE_DAY)
    assert calls["google_sign_in"] - before == requests


def test_the_real_sample_lands(landing: Landing, shared: Callable[[str], Path]) -> None:
    folder = shared("real/ga4_export_sample/events.ndjson").parent
    window = Window(date(2020, 11, 1), date(2021, 2, 1))
    load = land(landing, bucket(folder, file_pattern="events.ndjson"), window)
    con = duckdb.connect()
    con.register("rows", landed(landing, load))
    found = con.execute(
        """select count(*), count(distinct user_pseudo_id), count(distinct event_date),
            count(distinct (user_pseudo_id, ga_session_id)),
            count(*) filter (event_name = 'page_view'),
            count(distinct event_date) filter (not is_final)
        from rows"""
    ).fetchone()
    assert found == (460, 114, 92, 130, 151, 3)


def test_the_real_sample_split_in_two_gives_the_same(
    landing: Landing, shared: Callable[[str], Path]
) -> None:
    folder = shared("real/ga4_export_sample/events.ndjson").parent
    access = bucket(folder, file_pattern="*.ndjson")
    whole = Window(date(2020, 11, 1), date(2020, 12, 1))
    keys_of = [
        {row for row in landed(landing, land(landing, access, window))["event_key"].to_pylist()}
        for window in (whole, *whole.split(15))
    ]
    assert keys_of[0] == keys_of[1] | keys_of[2]


def test_exact_duplicates_are_kept_and_numbered_alike_in_any_order(
    landing: Landing, tmp_path: Path
) -> None:
    window = Window(date(2026, 6, 1), date(2026, 6, 2))
    events = [event(), event(), event(params={"page_location": "https://x.example/"}),
              event(batch_event_index=2), event(user_pseudo_id=None)]  # fmt: skip
    keys_of = []
    for number, order in enumerate((events, events[::-1])):
        folder = tmp_path / str(number)
        write_events(folder, "events_20260601.ndjson", order)
        rows = landed(landing, land(landing, bucket(folder), window))
        keys_of.append(rows.select(["event_key", "page_location"]).to_pylist())
    assert keys_of[0] == keys_of[1]
    assert sorted(row["event_key"][-2:] for row in keys_of[0]) == ["-1", "-1", "-1", "-2", "-3"]


def test_a_day_of_a_million_events_comes_out_in_parts() -> None:
    con = event_rows.connect()
    con.execute(
        """insert into leaves (event_date, event_timestamp, event_name, table_kind, is_final)
        select date '2026-06-01', 1780300800000000 + i, 'page_view', 'daily', true
        from range(1_000_000) as events (i)"""
    )
    hung = Timer(120, con.interrupt)
    hung.start()
    parts = [part.num_rows for part in event_rows.landed_rows(con)]
    hung.cancel()
    assert parts == [event_rows.PART_ROWS] * 5


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.example/?email=ana&gclid=G1", "https://x.example/?email=removed&gclid=G1"),
        ("https://x.example/?a=1&u=ana%40x.pt#top", "https://x.example/?a=1&u=removed#top"),
        ("https://x.example/ana.b@x.co.pt/?fbclid=F", "https://x.example/removed/?fbclid=F"),
        ("https://x.example/?userEmail=A%2540x.pt", "https://x.example/?userEmail=removed"),
        (
            "https://x.example/?phone=351900&utm_source=s",
            "https://x.example/?phone=removed&utm_source=s",
        ),
        ("https://x.example/@home?utm_medium=email", "https://x.example/@home?utm_medium=email"),
    ],
)
def test_contact_details_are_taken_out_of_urls(
    url: str, expected: str, landing: Landing, tmp_path: Path
) -> None:
    window = Window(date(2026, 6, 1), date(2026, 6, 2))
    params = {"page_location": url, "page_referrer": url}
    write_events(tmp_path, "events_20260601.ndjson", [event(params=params, user_id="ana@x.pt")])
    rows = landed(landing, land(landing, bucket(tmp_path), window))
    assert rows["page_location"].to_pylist() == rows["page_referrer"].to_pylist() == [expected]
    assert len(rows["user_id_hmac"][0].as_py()) == 64


def test_addresses_are_taken_out_of_campaign_parameters(landing: Landing, tmp_path: Path) -> None:
    window = Window(date(2026, 6, 1), date(2026, 6, 2))
    link = {"source": "news", "medium": "email", "campaign_name": "to ana@x.pt"}
    visit = event(
        traffic_source={"source": "news", "medium": "email", "name": "to ana@x.pt"},
        collected_traffic_source={f"manual_{name}": text for name, text in link.items()},
        session_traffic_source_last_click={
            "manual_campaign": link, "cross_channel_campaign": link
        },
    )  # fmt: skip
    write_events(tmp_path, "events_20260601.ndjson", [visit])
    [row] = landed(landing, land(landing, bucket(tmp_path), window)).to_pylist()
    assert not [column for column, value in row.items() if "@" in str(value)]
    assert row["collected_manual_medium"] == row["session_medium"] == "email"
    assert row["session_campaign_name"] == row["collected_manual_campaign_name"] == "to removed"


def test_daily_and_intraday_files_of_one_day_are_never_both_read(
    landing: Landing, tmp_path: Path
) -> None:
    window = Window(date(2026, 6, 1), date(2026, 6, 2))
    write_events(tmp_path, "events_20260601_000.ndjson", [event()])
    write_events(tmp_path, "events_20260601_001.ndjson", [event(batch_event_index=2)])
    write_events(tmp_path, "events_intraday_20260601.ndjson", [event(batch_event_index=3)])
    assert land(landing, bucket(tmp_path), window).row_count == 2


def test_days_before_the_export_began_land_empty_and_are_told(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    """A link exports nothing from before it was made, and history may start earlier."""
    window = Window(date(2026, 7, 30), date(2026, 8, 3))
    load = land(landing, access_to(sandbox, tmp_path), window)
    assert sorted(load.day_counts) == ["2026-08-01", "2026-08-02"]
    pages = SOURCE.extract(access_to(sandbox, tmp_path), EVENTS, window)
    [absent] = [page for page in pages if isinstance(page, Absent)]
    assert absent.why == "the export begins on 2026-08-01, the days before it are empty"


@pytest.mark.parametrize(
    ("names", "newest"),
    [
        (["20260601", "20260602"], 2),
        (["20260601", "20260604"], 4),  # what is missing before a daily table is a gap
        (["20260601", "intraday_20260602", "intraday_20260603"], 3),
        (["20260601", "intraday_20260603"], 1),
        (["intraday_20260601", "intraday_20260602"], 2),
        (["20260601", "20260609"], 5),
        (["20260701"], 5),
        (["visits"], 5),
    ],
)
def test_a_day_is_written_once_no_table_before_it_is_still_to_come(
    names: list[str], newest: int, tmp_path: Path
) -> None:
    for name in names:
        write_events(tmp_path, f"events_{name}.ndjson", [event()])
    asked = date(2026, 6, 5)
    assert SOURCE.written_through(bucket(tmp_path), EVENTS, asked) == date(2026, 6, newest)


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (["20260601", "fresh_20260601", "intraday_20260601"], "daily"),
        (["fresh_20260601", "intraday_20260601"], "fresh"),
        (["intraday_20260601"], "intraday"),
    ],
)
def test_a_day_is_read_from_its_best_table(
    names: list[str], kind: str, landing: Landing, tmp_path: Path
) -> None:
    for name in (*(f"events_{name}" for name in names), "pseudonymous_users_20260601"):
        write_events(tmp_path, f"{name}.ndjson", [event()])
    access = bucket(tmp_path, file_pattern="*.ndjson")
    load = land(landing, access, Window(date(2026, 6, 1), date(2026, 6, 2)))
    assert landed(landing, load)["table_kind"].to_pylist() == [kind]


@pytest.mark.parametrize(("option", "currency"), [("usd", "USD"), ("account", "EUR")])
def test_a_value_without_a_currency_takes_the_company_files(
    option: str, currency: str, landing: Landing, tmp_path: Path
) -> None:
    sold = event(event_name="purchase", ecommerce={"purchase_revenue": 12.5})
    write_events(tmp_path, "events_20260601.ndjson", [sold])
    access = bucket(tmp_path, currency_where_none=option)
    [row] = landed(
        landing, land(landing, access, Window(date(2026, 6, 1), date(2026, 6, 2)))
    ).to_pylist()
    assert (row["amount"], row["amount_currency"]) == (Decimal("12.5"), currency)
    assert row["is_currency_assumed"] and row["property_id"] == "310100200"


def test_an_option_that_is_no_currency_is_told() -> None:
    assert SOURCE.option_problems
    [problem] = SOURCE.option_problems({"currency_where_none": "euros"})
    assert "euros" in problem and not list(SOURCE.option_problems({}))


def test_fields_that_came_since_are_left_alone(landing: Landing, tmp_path: Path) -> None:
    write_events(tmp_path, "events_20260601.ndjson", [event(quantum_click={"id": "q"})])
    load = land(landing, bucket(tmp_path), Window(date(2026, 6, 1), date(2026, 6, 2)))
    assert load.row_count == 1 and "quantum_click" not in landed(landing, load).column_names


@pytest.mark.parametrize(
    ("sent", "amount"),
    [
        ("90", "90"), ("90.5", "90.5"), ("90,5", "90.5"), ("1,234", "1234"), ("1.234", "1.234"),
        ("1.234,5", "1234.5"), ("1,234.5", "1234.5"), ("1.234.567", "1234567"),
        ("1,234,567.89", "1234567.89"), ("1 234,50", "1234.5"), ("1'234.50", "1234.5"),
        ("EUR 12,00", "12"), ("$12", "12"), ("12 kr", "12"), ("1.2e3", "1200"), ("-5,00", "-5"),
        ("\u20ac1\u00a0234,50", "1234.5"), ("NaN", None), ("inf", None), ("free", None), ("", None),
        ("12 of 13", None), ("1-2", None), ("12,3,4", None),
        # The currency's own points
        ("92,50 kr.", "92.5"), ("4.200,00 kr.", "4200"), ("kr. 123.45", "123.45"),
        ("1\u00a0490,00 \u0440\u0443\u0431.", "1490"), ("99,90 \u043b\u0432.", "99.9"),
        ("Rs.500", "500"), ("Rs. 1,234.50", "1234.5"), ("S/.120.00", "120"), ("$.50", "0.5"),
        # Other groups, signs and scripts
        ("1,23,456", "123456"), ("1,23,456.50", "123456.5"), ("CHF 1\u2019234.50", "1234.5"),
        ("1.234,-", "1234"), ("500.- CHF", "500"), ("Rp 150.000", "150000"), ("0,500", "0.5"),
        ("\u221212.50", "-12.5"), ("(12.50)", "-12.5"), ("$(12.50)", "-12.5"), ("12.50-", None),
        ("\u0661\u066c\u0662\u0663\u0664\u066b\u0665\u0660 \u062c.\u0645.\u200f", "1234.5"),
        ("\u09e7,\u09e8\u09e9\u09ea.\u09eb\u09e6", "1234.5"), ("1.5M", None), ("12k", None),
    ],
)  # fmt: skip
def test_a_value_is_read_in_any_countrys_spelling(sent: str, amount: str | None) -> None:
    assert read_number(sent) == (amount and Decimal(amount))


@pytest.mark.parametrize(
    ("sent", "currency", "amount"),
    [
        ("12,345", "KWD", "12.345"), ("12,345", "EUR", "12345"), ("KD 12.345", "KWD", "12.345"),
        ("TND 1.234,500", "TND", "1234.5"), ("\u20ac 12.345", "EUR", "12345"),
    ],
)  # fmt: skip
def test_a_currency_of_three_decimals_has_no_thousands_there(
    sent: str, currency: str, amount: str
) -> None:
    assert read_number(sent, currency) == Decimal(amount)


def read_number(sent: str, currency: str | None = None) -> Decimal | None:
    with event_rows.connect() as con:
        [(found,)] = con.execute("select number_of($1, $2)", [sent, currency]).fetchall()
    return found


def test_the_newest_table_is_known_over_rest(sandbox: Any, tmp_path: Path) -> None:
    access = access_to(sandbox, tmp_path)
    for asked, newest in (
        (date(2026, 9, 1), date(2026, 9, 1)),
        (date(2026, 12, 1), date(2026, 9, 15)),
    ):
        assert SOURCE.written_through(access, EVENTS, asked) == newest


@pytest.mark.parametrize("name", ["events_20260601.ndjson", "visits.ndjson"])
def test_files_begin_where_the_export_began(name: str, landing: Landing, tmp_path: Path) -> None:
    write_events(tmp_path, name, [event()])
    access = bucket(tmp_path, file_pattern="*.ndjson")
    all_before, part = (Window(date(2026, 5, 1), date(2026, *day)) for day in ((5, 9), (6, 2)))
    assert land(landing, access, all_before).row_count == 0
    assert land(landing, access, part).day_counts == {"2026-06-01": 1}
    for window in (all_before, part):
        [absent] = [p for p in SOURCE.extract(access, EVENTS, window) if isinstance(p, Absent)]
        assert absent.kind == "before" and "the export begins on 2026-06-01" in absent.why


def test_of_undated_files_only_the_window_is_taken_in(
    landing: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = [f"202606{day:02}" for day in range(1, 21)]
    write_events(tmp_path, "visits.ndjson", [event(event_date=day) for day in days])
    held = []

    def landed_rows(con: duckdb.DuckDBPyConnection) -> Any:
        held.append(con.execute("select count(*) from leaves").fetchone()[0])
        return take_out(con)

    take_out = event_rows.landed_rows
    monkeypatch.setattr(event_rows, "landed_rows", landed_rows)
    access = bucket(tmp_path, file_pattern="visits*")
    load = land(landing, access, Window(date(2026, 6, 16), date(2026, 6, 19)))
    assert held == [load.row_count] == [3]
    assert landed(landing, load).sort_by("event_date")["is_final"].to_pylist() == [
        True,
        True,
        False,
    ]


def test_a_bucket_takes_no_key_of_googles(tmp_path: Path, landing: Landing) -> None:
    content = yaml.safe_load(Path(__file__).parents[2].joinpath("company.yml").read_text("utf-8"))
    entry = content["sources"]["ga4"]
    path = tmp_path / "company.yml"

    def needed() -> list[str]:
        path.write_text(yaml.safe_dump(content), "utf-8")
        return company_file.read(path).secret_names("ga4")

    kept_under = entry["credentials"]["service_account"]
    assert kept_under in needed()
    entry["base_url"] = str(tmp_path / "export")
    assert needed() == [HASH_KEY]
    del entry["credentials"]
    assert needed() == [HASH_KEY]
    write_events(tmp_path / "export", "events_20260601.ndjson", [event()])
    access = replace(company_file.read(path).access("ga4", tmp_path, {}), options={})
    assert land(landing, access, Window(date(2026, 6, 1), date(2026, 6, 2))).row_count == 1
    entry["base_url"] = "https://bigquery.googleapis.com/bigquery"
    with pytest.raises(CompanyFileError, match="credentials.service_account: missing"):
        needed()


def test_without_a_base_url_google_itself_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def api(*_: Any, **settings: Any) -> Any:
        asked.append(settings["base_url"])
        raise InterruptedError

    monkeypatch.setattr(client.http, "Api", api)
    monkeypatch.setattr(client, "authorise", lambda *_: None)
    monkeypatch.setattr(client, "read_key", lambda *_: {})
    access = replace(bucket(tmp_path), base_url="", secrets={"service_account": "{}"})
    with pytest.raises(InterruptedError):
        list(SOURCE.extract(access, EVENTS, ONE_DAY))
    assert asked == ["https://bigquery.googleapis.com/bigquery"]


def test_a_month_of_large_days_lands_every_event_once() -> None:
    """DuckDB 1.5.5 gives other rowids to rows of a table that was emptied and filled again."""
    first, per_day = date(2026, 9, 1), 25_700
    days = [first + timedelta(days=number) for number in range(28)]

    def read(table: DayTable) -> int:
        con.execute(
            "insert into leaves (event_date, event_timestamp, event_name, table_kind, is_final)"
            " select ?, i * 1000000, 'page_view' || i, 'daily', true from range(?) as seconds(i)",
            [table.day, per_day],
        )
        return per_day

    with event_rows.connect() as con:
        tables = [DayTable(f"events_{day:%Y%m%d}", day, "daily", True) for day in days]
        *pages, total = event_rows.of_days(con, tables, read, {})
    assert total == ControlTotal("rows", len(days) * per_day)
    keys = [(key, day) for page in pages for key, day in zip(
        page["event_key"].to_pylist(), page["event_date"].to_pylist(), strict=True
    )]  # fmt: skip
    assert len(keys) == len(set(keys)) == len(days) * per_day
