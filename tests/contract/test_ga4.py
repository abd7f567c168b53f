"""GA4: Google's client and a live export's schema against the sandbox, then our extraction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import fsspec
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import yaml
from google.cloud import bigquery
from google.oauth2 import service_account as google_keys

from contract.ga4_property import (
    DATASET,
    DAY,
    EVENTS,
    KNOWN_BY,
    ONE_DAY,
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
from trueup.sources.ga4 import SOURCE, client
from trueup.window import Window


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
