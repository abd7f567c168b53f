"""GA4 over BigQuery's Storage Read API: the rows REST gives, and what becomes of every refusal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import grpc
import pyarrow as pa
import pytest

from contract.ga4_property import access_to, land, landed
from sandbox import bigquery_storage_grpc
from trueup.errors import AccessDenied, UnknownRefusal, VendorUnavailable
from trueup.landing.store import Landing
from trueup.sources.ga4 import flat, leaves, storage, storage_messages
from trueup.sources.ga4.streams import Field
from trueup.sources.ga4.tables import DayTable, Present


@pytest.fixture
def address(sandbox: Any) -> Iterator[str]:
    with bigquery_storage_grpc.serve(sandbox.desk, batch_rows=100) as found:
        yield found


def calls(sandbox: Any) -> int:
    return sandbox.desk.calls["bigquery_storage"]


def test_arrow_and_rest_land_the_same_rows(
    sandbox: Any, landing: Landing, tmp_path: Path, address: str
) -> None:
    over_rest = landed(landing, land(landing, access_to(sandbox, tmp_path)))
    before = calls(sandbox)
    over_arrow = land(landing, access_to(sandbox, tmp_path, storage_api=address))
    assert landed(landing, over_arrow).equals(over_rest)
    assert calls(sandbox) - before == 6  # a session and its one stream for each of three days


@pytest.mark.parametrize("kind", [pa.float64(), pa.decimal128(38, 9), pa.decimal256(76, 38)])
def test_a_sum_is_read_whatever_kind_of_number_a_copy_keeps_it_as(kind: pa.DataType) -> None:
    """BigQuery's NUMERIC and BIGNUMERIC; the second has more digits than DuckDB's decimals."""
    value = pa.struct([("string_value", pa.string())])
    params = pa.list_(pa.struct([("key", pa.string()), ("value", value)]))
    sums = pa.array([Decimal("12.5"), None], pa.decimal128(38, 9)).cast(kind)
    rows = pa.table(
        {
            "event_params": pa.array([[], None], params),
            "ecommerce": pa.StructArray.from_arrays([sums], ["tax_value"]),
        }
    )
    tax = Field("ecommerce.tax_value", "tax_value", "DECIMAL(18,6)")
    table = DayTable("events_20260601", date(2026, 6, 1), "daily", False)
    with leaves.connect() as con:
        leaves.show(con, flat.flatten(rows, Present((tax,), frozenset({tax.path})), table))
        found = con.execute("select tax_value, odd from leaves").fetchall()
    assert found == [(Decimal("12.5"), None), (None, None)]


def test_a_stream_that_breaks_off_is_taken_up_where_it_broke(
    sandbox: Any, landing: Landing, tmp_path: Path, address: str
) -> None:
    access = access_to(sandbox, tmp_path, storage_api=address)
    calm = landed(landing, land(landing, access))
    sandbox.desk.order_fault("ga4", "storage_breaks_off", 2)
    assert landed(landing, land(landing, access)).equals(calm)


@pytest.mark.parametrize("fault", ["storage_quota", "storage_down"])
def test_what_passes_is_waited_out_and_what_lasts_is_worth_a_retry(
    fault: str, sandbox: Any, landing: Landing, tmp_path: Path, address: str
) -> None:
    access = access_to(sandbox, tmp_path, storage_api=address)
    sandbox.desk.order_fault("ga4", fault, 2)
    assert land(landing, access).row_count > 500
    sandbox.desk.order_fault("ga4", fault, 1_000)
    with pytest.raises(VendorUnavailable, match="Storage Read API does not give the table"):
        land(landing, access)


def test_an_account_without_the_right_reads_over_rest_and_is_reported(
    sandbox: Any, landing: Landing, tmp_path: Path, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    over_rest = landed(landing, land(landing, access_to(sandbox, tmp_path)))
    sandbox.desk.order_fault("ga4", "storage_denied", 1)
    access = access_to(sandbox, tmp_path, storage_api=address)
    assert landed(landing, land(landing, access)).equals(over_rest)
    assert "BigQuery Read Session User" in caplog.text


def test_a_batch_that_is_lost_is_noticed_and_asked_for_again(
    sandbox: Any, landing: Landing, tmp_path: Path, address: str
) -> None:
    access = access_to(sandbox, tmp_path, storage_api=address)
    calm = landed(landing, land(landing, access))
    sandbox.desk.order_fault("ga4", "storage_loses_a_batch", 1)
    assert landed(landing, land(landing, access)).equals(calm)


def test_a_code_nobody_knows_is_an_unknown_refusal(
    sandbox: Any, landing: Landing, tmp_path: Path, address: str
) -> None:
    sandbox.desk.order_fault("ga4", "storage_odd", 1_000)
    with pytest.raises(UnknownRefusal, match="DATA_LOSS"):
        land(landing, access_to(sandbox, tmp_path, storage_api=address))


@pytest.mark.parametrize("code", list(grpc.StatusCode))
def test_every_code_of_grpc_is_sorted(code: grpc.StatusCode) -> None:
    class Refused(grpc.RpcError):
        def code(self) -> grpc.StatusCode:
            return code

    reader = storage.Reader("127.0.0.1:1", lambda: "", {}, "p")
    last = reader._patience.http_attempts
    with pytest.raises((AccessDenied, UnknownRefusal, VendorUnavailable)):
        reader._judge(Refused(), last)
    if code in storage.PASSING:
        reader._judge(Refused(), 1)


def test_our_messages_are_googles() -> None:
    """Field by field, where Google's own client is installed."""
    types = pytest.importorskip("google.cloud.bigquery_storage_v1.types")
    homes = {"TableReadOptions": types.ReadSession}
    for name, fields in storage_messages.MESSAGES.items():
        google = getattr(homes.get(name, types), name).pb().DESCRIPTOR
        for text in fields.split():
            field, number, kind = text.split(":")
            theirs = google.fields_by_name[field]
            assert theirs.number == int(number), f"{name}.{field}"
            assert kind.endswith("*") == (theirs.label == theirs.LABEL_REPEATED), f"{name}.{field}"
