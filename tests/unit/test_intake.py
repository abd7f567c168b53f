"""What a load must be before it exists: every way a fetch can be wrong is one clear error."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from trueup.errors import BrokenContract, MissingSecrets, TrueupError
from trueup.landing.intake import take_in
from trueup.landing.personal_data import keyed_hash
from trueup.landing.store import Landing
from trueup.sources.contract import Column, ControlTotal, SetAside, Stream
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
NOON = datetime(2026, 9, 3, 12, tzinfo=UTC)


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
    content = b"".join(landing.fs.cat_file(landing.path(file.name)) for file in load.files)
    assert b"example.com" not in content.lower()
    stored = pq.read_table(landing.path(load.files[0].name)).column("email_hmac").to_pylist()
    assert [len(value) for value in stored] == [64, 64]
    assert stored[0] == keyed_hash("email", "ada@example.com", "k")


def test_personal_data_is_neither_shown_in_errors_nor_hashed_without_a_key(landing: Landing):
    load = land(landing, [row(1), row(1, "c2", email=4917012345), row(2)])
    (aside,) = landing.set_aside_rows(load)
    assert aside["reason"] == "email is not text" and "4917012345" not in str(aside)
    with pytest.raises(MissingSecrets, match="hash key"):
        take_in(landing, "shop", STREAM, WINDOW, iter([[row(1)]]), api_version="1", hash_key="")


def test_unknown_columns_are_kept_and_named(landing: Landing):
    load = land(landing, [row(1, colour="red"), row(2)])
    assert load.extra_columns == ("colour",)
    stored = pq.read_table(landing.path(load.files[0].name)).column("_extra").to_pylist()
    assert stored == ['{"colour": "red"}', None]


MANY = [f"c{number}" for number in range(20)]


@pytest.mark.parametrize(
    ("pages", "problem"),
    [
        ([[{k: v for k, v in row(day).items() if k != "clicks"} for day in (1, 2)]],
         "column clicks is not as declared; source.*got: no such column"),
        ([[row(1, c, clicks="many") for c in MANY]],
         "column clicks .*expected: BIGINT; got: in 20 of 20 rows of an answer: .*like 'a'"),
        ([[row(1, c, clicks=1.5) for c in MANY[:19]], [row(1), row(2)]], "in 19 of 19 rows"),
        ([[row(1, c, ad_date="2026-09-01T00:00:00Z") for c in MANY]], "column ad_date"),
        ([[row(1, campaign_id=None) for _ in MANY]], "column campaign_id.*is empty"),
        ([[row(1, c) | ({"clicks": "x"} if n % 2 else {"cost": "y"}) for n, c in enumerate(MANY)]],
         "not one usable row; .*got: 20 set aside"),
        ([[row(1)], ControlTotal("rows", 2)], "lost page"),
        ([[row(1), row(2)], [row(1), row(2)], ControlTotal("rows", 4)], "lost page"),
        ([[row(1), row(2)], ControlTotal("sum:cost", "99")], "lost page"),
        ([[row(1)]], "no row for a day"),
        ([[row(1, ad_date="?"), row(2)]], "no row for a day.*1 row.s. whose day cannot be read"),
        ([], "no row for a day"),
        ([[row(3), row(4)]], "every row lies outside the window.*2 rows of 2026-09-03"),
    ],
    ids=["missing", "text-for-number", "fraction-for-whole", "instant-for-day", "null-key",
         "all-odd", "missing-page", "page-twice-one-missing", "wrong-sum", "empty-day",
         "undated-day", "empty-fetch", "outside"],
)  # fmt: skip
def test_bad_input_is_one_clear_error_and_no_load(landing: Landing, pages: list, problem: str):
    with pytest.raises(BrokenContract) as caught:
        land(landing, *pages)
    message = str(caught.value)
    assert re.search(problem, message)
    for part in ("source: shop", "stream: spend", "window: [2026-09-01, 2026-09-03)", "next step:"):
        assert part in message
    assert landing.loads("shop", "spend") == []
    (refusal,) = landing.refusals("shop", "spend")
    assert (refusal.error, refusal.window) == (message, WINDOW)
    assert landing.fs.glob(landing.path("shop/spend/*/*.parquet")) == []


def test_a_shrunken_fetch_keeps_the_earlier_load_until_a_person_decides(landing: Landing):
    one_day = Window(date(2026, 9, 1), date(2026, 9, 2))
    first = land(landing, [row(1, f"c{i}") for i in range(60)], window=one_day)
    with pytest.raises(BrokenContract, match=r"shrank.*accept-empty"):
        land(landing, [row(1)], window=one_day)
    assert landing.loads("shop", "spend") == [first]
    land(landing, [row(1)], window=one_day, accepted=True)
    assert len(landing.loads("shop", "spend")) == 2


def test_a_day_once_taken_as_empty_is_not_asked_about_until_it_had_rows(landing: Landing):
    land(landing, [row(1)], accepted=True)
    land(landing, [row(1)])
    land(landing, [row(1), row(2)])
    with pytest.raises(BrokenContract, match="no row for a day"):
        land(landing, [row(1)])


def test_rejected_rows_are_kept_with_place_and_reason(landing: Landing):
    load = land(
        landing, [row(1), row(2)], SetAside("a.csv row 3", "clicks: x is not a BIGINT", "{}")
    )
    assert load.set_aside_count == 1
    assert landing.set_aside_rows(load)[0]["position"] == "a.csv row 3"


def test_a_row_that_cannot_be_read_is_not_lost_where_another_of_its_key_lands(landing: Landing):
    load = land(landing, [row(1, cost="x"), row(2, cost="y")], [row(1)])
    assert [(r["position"], r["kind"], r["is_lost"]) for r in landing.set_aside_rows(load)] == [
        ("row 1", "duplicate", False),
        ("row 2", "unreadable", True),
    ]


def test_an_arrow_page_is_held_to_the_same_contract(landing: Landing):
    columns = {"campaign_id": ["c1", "c1"], "ad_date": [date(2026, 9, 1), date(2026, 9, 2)],
               "clicks": [1, 2], "cost": [1, 2], "email": ["a@b.example", None]}  # fmt: skip
    assert land(landing, pa.table(columns)).row_count == 2
    with pytest.raises(BrokenContract, match="column clicks"):
        land(landing, pa.table({**columns, "clicks": ["1", "2"]}))
    with pytest.raises(BrokenContract, match="column cost"):
        land(landing, pa.table({k: v for k, v in columns.items() if k != "cost"}))


@pytest.mark.parametrize("encoded", [0.1 + 0.2, "0.30000000000000004", "0.3"])
def test_digits_only_an_encoding_made_up_are_undone(landing: Landing, encoded: object):
    load = land(landing, [row(1, cost=encoded), row(2, cost="0")])
    assert load.control_totals == {"cost": "0.300000"}


def test_a_money_column_of_finer_grain_is_rounded_in_arrow_as_in_dicts(landing: Landing):
    fine = pa.array([Decimal("0.3333333333"), Decimal(0)], pa.decimal128(38, 10))
    columns = {"campaign_id": ["c1", "c1"], "ad_date": [date(2026, 9, 1), date(2026, 9, 2)],
               "clicks": [1, 2], "cost": fine, "email": [None, None]}  # fmt: skip
    assert land(landing, pa.table(columns)).control_totals == {"cost": "0.333333"}


def test_an_unfinished_load_does_not_exist(landing: Landing):
    def broken_off():
        yield [row(1)]
        raise ConnectionError("the vendor went away")

    with pytest.raises(ConnectionError):
        take_in(landing, "shop", STREAM, WINDOW, broken_off(), api_version="1", hash_key="k")
    assert landing.loads("shop", "spend") == []


def test_a_load_as_of_an_earlier_moment(landing: Landing):
    early = land(landing, [row(1), row(2)], committed_at=NOON)
    late = land(landing, [row(1, cost="2"), row(2)], committed_at=NOON + timedelta(days=1))
    assert landing.loads("shop", "spend", as_of=NOON) == [early]
    assert [load for load, _ in landing.current("shop", STREAM)] == [late]
    landing.reject(late.load_id, "wrong file", NOON)
    assert [load for load, _ in landing.current("shop", STREAM)] == [early]
    landing.restore(late.load_id)
    assert [load for load, _ in landing.current("shop", STREAM)] == [late]


def test_a_manifest_nobody_can_read_is_named_with_what_to_do(landing: Landing):
    load = land(landing, [row(1), row(2)])
    manifest = landing.path(load.files[0].name).replace("-0000.parquet", ".manifest.json")
    landing.fs.pipe_file(manifest, b'{"load_id": ')
    with pytest.raises(TrueupError, match=rf"manifest.*{load.load_id}.*next step: remove"):
        landing.loads("shop", "spend")


def test_setting_aside_that_was_killed_half_way_did_not_happen(landing: Landing):
    load = land(landing, [row(1), row(2)])
    landing.reject(load.load_id, "wrong file", NOON)
    landing.restore(load.load_id)
    landing.fs.pipe_file(landing.path(f"_rejected/{load.load_id}.json.1f2e3d4c.partial"), b'{"lo')
    assert landing.loads("shop", "spend") == [load]


@pytest.mark.parametrize("load_id", ["*", "20260903T120000000000-*", "../shop", ""])
def test_only_a_load_that_is_there_is_set_aside(landing: Landing, load_id: str):
    land(landing, [row(1), row(2)], committed_at=NOON)
    with pytest.raises(TrueupError, match="no committed load"):
        landing.reject(load_id, "typo", NOON)
    assert landing.rejected() == {}


@pytest.mark.parametrize("root", ["memory://intake", "file://{tmp_path}/landing"])
def test_a_landing_behind_a_url_keeps_the_contract(root: str, tmp_path: Path):
    landing = Landing(root.format(tmp_path=tmp_path))
    load = land(landing, [row(1), row(2)], SetAside("row 3", "clicks: x", "{}"))
    assert landing.loads("shop", "spend") == [load]
    assert [rejected["position"] for rejected in landing.set_aside_rows(load)] == ["row 3"]
    landing.reject(load.load_id, "wrong file", NOON)
    assert landing.loads("shop", "spend") == []
    landing.restore(load.load_id)
    assert landing.covered("shop", "spend") == set(WINDOW.days())
