"""JSON feeds: the types DuckDB guesses for a column must not change what stands in the file."""

from __future__ import annotations

from pathlib import Path

from feed_files import ORDERS, Folder


def test_ids_of_json_keep_their_digits_and_bear_no_quotes(tmp_path: Path):
    """Numbers beside text, numbers no double holds, and both within another value."""
    long = 120212345678901234567
    ids = ["1001", '"X-1"', '"0042"', f"{long}", f"{long + 1}", "null"]
    orders = Folder(
        tmp_path, "orders", ORDERS.replace("id as", "coalesce(id, ref.id) as"), "*.json"
    )
    lines = [
        f'{{"id": {name}, "day": "2026-09-01", "total": 1.10, "ref": {{"id": "r"}}}}'
        for name in ids
    ]
    load = orders.write("till.json", "\n".join(lines)).land()
    assert sorted(orders.rows(load, "order_id")) == [
        "0042", "1001", f"{long}", f"{long + 1}", "X-1", "r"
    ]  # fmt: skip
    assert load.control_totals == {"amount_local": "6.600000"}
    orders.select = ORDERS
    numbers = [f'{{"id": {n}, "day": "2026-09-01", "total": 1}}' for n in range(long, long + 200)]
    load = orders.write("till.json", f"[{','.join(numbers)}]").land(accepted=True)
    assert (load.row_count, load.set_aside_count) == (200, 0)


def test_a_select_may_reckon_with_numbers_of_json_and_reach_into_its_values(tmp_path: Path):
    orders = Folder(tmp_path, "orders", ORDERS.replace("id as", "ref.id as").replace(
        "total as", "total / 100 as"), "*.ndjson")  # fmt: skip
    lines = [
        f'{{"day": "2026-09-01", "total": {n}50, "ref": {{"id": {name}}}}}'
        for n, name in enumerate(["7", '"X-1"'], 1)
    ]
    load = orders.write("till.ndjson", "\n".join(lines)).land()
    assert orders.rows(load, "order_id") == ["7", "X-1"]
    assert load.control_totals == {"amount_local": "4.000000"}


def test_an_id_that_is_text_in_the_last_of_many_rows_alone_is_read(tmp_path: Path):
    orders = Folder(tmp_path, "orders", ORDERS, "*.ndjson")
    lines = [f'{{"id": {n}, "day": "2026-09-01", "total": 1}}' for n in range(25_000)]
    lines.append('{"id": "X-1", "day": "2026-09-01", "total": 1}')
    assert orders.write("till.ndjson", "\n".join(lines)).land().row_count == 25_001
