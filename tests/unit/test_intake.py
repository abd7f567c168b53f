"""What a load must be before it exists: every way a fetch can be wrong is one clear error."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from trueup.errors import BrokenContract, MissingSecrets
from trueup.intake import take_in
from trueup.landing import Landing
from trueup.pii import keyed_hash
from trueup.streams import Column, ControlTotal, Rejected, Stream
from trueup.window import Window

STREAM = Stream(
    name="spend",
    columns=(
        Column("campaign_id", required=True),
        Column("ad_date", "DATE", required=True),
        Column("clicks", "BIGINT"),
        Column("cost", "DECIMAL(18,6)"),
        Column("email", pii="email"),
    ),
    key=("campaign_id", "ad_date"),
    day="ad_date",
    control=("cost",),
)
WINDOW = Window(date(2026, 9, 1), date(2026, 9, 3))


def row(day: int, campaign: str = "c1", **changes: object) -> dict[str, object]:
    base = {"campaign_id": campaign, "ad_date": f"2026-09-{day:02}", "clicks": "7", "cost": "1.25",
            "email": " Ada@Example.com"}  # fmt: skip
    return {**base, **changes}


def land(landing: Landing, *pages: object, window: Window = WINDOW, **options: object):
    return take_in(
        landing, "shop", STREAM, window, iter(pages), api_version="1", hash_key="k", **options
    )


def test_a_load_is_committed_with_counts_totals_and_schema(landing: Landing):
    load = land(landing, [row(1), row(2)], ControlTotal("rows", 2), ControlTotal("sum:cost", "2.5"))
    assert landing.loads("shop", "spend") == [load]
    assert load.day_counts == {"2026-09-01": 1, "2026-09-02": 1}
    assert load.control_totals == {"cost": "2.500000"}
    assert load.columns["email_hmac"] == "VARCHAR" and "email" not in load.columns


def test_personal_data_never_reaches_the_disk(landing: Landing):
    load = land(landing, [row(1), row(2, email="someone.else@example.com")])
    content = b"".join(landing.fs.cat_file(landing.path(name)) for name in load.files)
    assert b"example.com" not in content.lower()
    stored = pq.read_table(landing.path(load.files[0])).column("email_hmac").to_pylist()
    assert [len(value) for value in stored] == [64, 64]
    assert stored[0] == keyed_hash("email", "ada@example.com", "k")


def test_personal_data_is_neither_shown_in_errors_nor_hashed_without_a_key(landing: Landing):
    with pytest.raises(BrokenContract, match="column email.*got: int") as caught:
        land(landing, [row(1, email=4917012345), row(2)])
    assert "4917012345" not in str(caught.value)
    with pytest.raises(MissingSecrets, match="hash key"):
        take_in(landing, "shop", STREAM, WINDOW, iter([[row(1)]]), api_version="1", hash_key="")


def test_unknown_columns_are_kept_and_named(landing: Landing):
    load = land(landing, [row(1, colour="red"), row(2)])
    assert load.extra_columns == ("colour",)
    stored = pq.read_table(landing.path(load.files[0])).column("_extra").to_pylist()
    assert stored == ['{"colour": "red"}', None]


@pytest.mark.parametrize(
    ("pages", "problem"),
    [
        ([[{k: v for k, v in row(1).items() if k != "clicks"}, row(2)]], "column clicks"),
        ([[row(1, clicks="many"), row(2)]], "column clicks"),
        ([[row(1, clicks=1.5), row(2)]], "column clicks"),
        ([[row(1, ad_date="2026-09-01T00:00:00Z"), row(2)]], "column ad_date"),
        ([[row(1, campaign_id=None), row(2)]], "column campaign_id"),
        ([[row(1), row(2)], [row(1), row(2)]], "more than once"),
        ([[row(1)], ControlTotal("rows", 2)], "lost page"),
        ([[row(1), row(2)], ControlTotal("sum:cost", "99")], "lost page"),
        ([[row(1)]], "no row for a day"),
        ([], "no row for a day"),
        ([[row(1), row(2), row(3)]], "outside the window"),
    ],
    ids=["missing", "text-for-number", "fraction-for-whole", "instant-for-day", "null-key",
         "duplicate-page", "missing-page", "wrong-sum", "empty-day", "empty-fetch", "outside"],
)  # fmt: skip
def test_bad_input_is_one_clear_error_and_no_load(landing: Landing, pages: list, problem: str):
    with pytest.raises(BrokenContract) as caught:
        land(landing, *pages)
    message = str(caught.value)
    assert problem in message
    for part in ("source: shop", "stream: spend", "window: [2026-09-01, 2026-09-03)", "next step:"):
        assert part in message
    assert landing.loads("shop", "spend") == []


def test_a_shrunken_fetch_keeps_the_earlier_load_until_a_person_decides(landing: Landing):
    one_day = Window(date(2026, 9, 1), date(2026, 9, 2))
    first = land(landing, [row(1, f"c{i}") for i in range(60)], window=one_day)
    with pytest.raises(BrokenContract, match=r"shrank.*accept-empty"):
        land(landing, [row(1)], window=one_day)
    assert landing.loads("shop", "spend") == [first]
    land(landing, [row(1)], window=one_day, accepted=True)
    assert len(landing.loads("shop", "spend")) == 2


def test_rejected_rows_are_kept_with_place_and_reason(landing: Landing):
    load = land(
        landing, [row(1), row(2)], Rejected("a.csv row 3", "clicks: x is not a BIGINT", "{}")
    )
    assert load.rejected_count == 1
    assert landing.rejected_rows(load)[0]["position"] == "a.csv row 3"


def test_an_arrow_page_is_held_to_the_same_contract(landing: Landing):
    columns = {"campaign_id": ["c1", "c1"], "ad_date": [date(2026, 9, 1), date(2026, 9, 2)],
               "clicks": [1, 2], "cost": [1, 2], "email": ["a@b.example", None]}  # fmt: skip
    assert land(landing, pa.table(columns)).row_count == 2
    with pytest.raises(BrokenContract, match="column clicks"):
        land(landing, pa.table({**columns, "clicks": ["1", "2"]}))
    with pytest.raises(BrokenContract, match="column cost"):
        land(landing, pa.table({k: v for k, v in columns.items() if k != "cost"}))


def test_an_unfinished_load_does_not_exist(landing: Landing):
    def broken_off():
        yield [row(1)]
        raise ConnectionError("the vendor went away")

    with pytest.raises(ConnectionError):
        take_in(landing, "shop", STREAM, WINDOW, broken_off(), api_version="1", hash_key="k")
    assert landing.loads("shop", "spend") == []


def test_a_load_as_of_an_earlier_moment(landing: Landing):
    noon = datetime(2026, 9, 3, 12, tzinfo=UTC)
    early = land(landing, [row(1), row(2)], committed_at=noon)
    late = land(landing, [row(1, cost="2"), row(2)], committed_at=noon + timedelta(days=1))
    assert landing.loads("shop", "spend", as_of=noon) == [early]
    assert [load for load, _ in landing.current("shop", STREAM)] == [late]
    landing.reject(late.load_id, "wrong file", noon)
    assert [load for load, _ in landing.current("shop", STREAM)] == [early]
    landing.restore(late.load_id)
    assert [load for load, _ in landing.current("shop", STREAM)] == [late]
