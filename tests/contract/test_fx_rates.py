"""Exchange rates: every published rate lands, weekends are silent, and a gap is an error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from sandbox.desk import Asked, Instead
from trueup.errors import (
    AccessDenied,
    BrokenContract,
    TrueupError,
    UnknownRefusal,
    VendorUnavailable,
)
from trueup.landing.intake import take_in
from trueup.landing.plan import windows
from trueup.landing.steady import slip
from trueup.landing.store import Landing, Load
from trueup.sources.contract import Absent, Access
from trueup.sources.euro import BECAME_EURO
from trueup.sources.fx_rates import SOURCE
from trueup.sources.fx_rates.calendar import easter, is_working_day
from trueup.sources.fx_rates.streams import RATES
from trueup.window import Window

WINDOW = Window(date(2026, 8, 1), date(2026, 9, 15))


@pytest.fixture
def access(sandbox: Any, tmp_path: Path) -> Access:
    return Access(
        source="fx_rates",
        base_url=f"{sandbox.url}/fx_rates",
        accounts=(),
        options={"currencies": ["USD", "GBP"]},
        history_start=WINDOW.since,
        reporting_zone="Europe/Lisbon",
        reporting_currency="EUR",
        folder=tmp_path,
    )


@pytest.fixture
def publish(sandbox: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[set[date]], None]:
    """Let the ECB have published 1.1 for every currency on just these days."""

    def arrange(days: set[date]) -> None:
        def rows(sql: str, **asked: Any) -> list[dict[str, Any]]:
            return [
                {"currency_code": code, "rate_date": day, "units_per_eur": Decimal("1.1")}
                for code in sorted(asked["currencies"])
                for day in sorted(days)
                if asked["since"] <= day <= asked["until"]
            ]

        monkeypatch.setattr(sandbox.desk, "rows", rows)

    return arrange


def land(landing: Landing, access: Access, window: Window = WINDOW) -> Load:
    pages = SOURCE.extract(access, RATES, window)
    return take_in(
        landing, "fx_rates", RATES, window, pages, api_version=SOURCE.api_version, hash_key="k"
    )


def rows(landing: Landing, load: Load) -> list[tuple[Any, ...]]:
    files = [landing.path(file.name) for file in load.files]
    if not files:
        return []
    names = "rate_date, currency_code, base_currency, units_per_base"
    return duckdb.read_parquet(files).project(names).order("all").fetchall()


def refusal(
    landing: Landing, access: Access, error: type[TrueupError], window: Window = WINDOW
) -> str:
    """The message, which says where and what to do; and no load was committed."""
    with pytest.raises(error) as raised:
        land(landing, access, window)
    message = str(raised.value)
    for part in ("source: fx_rates", "stream: rates", f"window: {window}", "next step: "):
        assert part in message
    assert landing.loads("fx_rates", "rates") == []
    return message


def test_every_published_rate_lands_exactly_once(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    truth = sandbox.desk.rows(
        """select rate_date, currency_code, 'EUR' as base_currency, units_per_eur from fx
        where rate_date between '2026-08-01' and '2026-09-14' order by all"""
    )
    first, second = land(landing, access), land(landing, access)
    assert rows(landing, first) == [tuple(row.values()) for row in truth]
    assert rows(landing, first) == rows(landing, second)
    assert not [day for day, *_ in rows(landing, first) if day.weekday() >= 5]


def test_the_first_landing_starts_a_week_early_for_the_first_weekend(
    access: Access, landing: Landing
) -> None:
    [window] = windows(
        RATES, day=WINDOW.last_day, history_start=access.history_start, covered=set()
    )
    assert window == Window(date(2026, 7, 25), WINDOW.until)
    days = {day for day, *_ in rows(landing, land(landing, access, window))}
    assert date(2026, 7, 31) in days and date(2026, 8, 1).weekday() == 5


def test_a_weekend_alone_lands_empty(access: Access, landing: Landing) -> None:
    weekend = Window(date(2026, 8, 8), date(2026, 8, 10))
    assert land(landing, access, weekend).row_count == 0


def test_any_split_gives_what_the_whole_gives(access: Access, landing: Landing) -> None:
    whole = rows(landing, land(landing, access))
    parts = [rows(landing, land(landing, access, part)) for part in WINDOW.split(4)]
    assert [row for part in parts for row in part] == whole


def test_todays_rate_comes_once_it_is_published(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    today = Window(date(2026, 9, 15), date(2026, 9, 16))
    assert land(landing, access, today).row_count == 0
    sandbox.desk.set_clock(datetime.fromisoformat("2026-09-15T15:30"))
    assert land(landing, access, today).row_count == 2


def test_the_reporting_currency_is_fetched_without_being_listed(
    access: Access, landing: Landing
) -> None:
    british = replace(access, reporting_currency="GBP", options={"currencies": ["USD"]})
    assert {row[1] for row in rows(landing, land(landing, british))} == {"GBP", "USD"}


@pytest.mark.parametrize(
    ("fault", "times", "error", "says"),
    [
        ("unauthorized", 1, AccessDenied, "HTTP 403; next step: let this machine reach"),
        ("throttle", 99, VendorUnavailable, "HTTP 429"),
        ("server_error", 99, VendorUnavailable, "HTTP 503"),
        ("truncated", 99, UnknownRefusal, "middle of a line"),
        ("missing_column", 1, BrokenContract, "column OBS_VALUE"),
        ("silent_feed", 1, BrokenContract, "no exchange rate of GBP, USD since 2026-08-31"),
    ],
)
def test_fault_is_one_clear_error(
    access: Access,
    landing: Landing,
    sandbox: Any,
    fault: str,
    times: int,
    error: type[TrueupError],
    says: str,
) -> None:
    sandbox.desk.order_fault("fx_rates", fault, times)
    assert says in refusal(landing, access, error)


def extracted(access: Access, window: Window = WINDOW) -> tuple[list[Any], list[Absent]]:
    """Currency and day of every rate, and what is told as absent."""
    pages = list(SOURCE.extract(access, RATES, window))
    found = [(r["currency_code"], r["rate_date"]) for p in pages if isinstance(p, list) for r in p]
    return found, [page for page in pages if isinstance(page, Absent)]


def without(*gone: tuple[str, date]) -> Any:
    """Spoils answers: no rate of a currency from a day on."""

    def spoil(asked: Asked, text: str) -> str | None:
        lines = text.splitlines(keepends=True)
        kept = [
            line
            for line in lines
            if not any(f",{c}," in line and line.split(",")[6] >= str(day) for c, day in gone)
        ]
        return "".join(kept) if len(kept) < len(lines) else None

    return spoil


def test_a_currency_quoted_no_longer_is_told_and_the_others_land(
    access: Access, sandbox: Any
) -> None:
    calm, _ = extracted(access)
    ended = date(2026, 9, 8)
    sandbox.desk.spoil("fx_rates", without(("GBP", ended)), times=9)
    found, absent = extracted(access)
    gone = {pair for pair in calm if pair[0] == "GBP" and pair[1] >= str(ended)}
    assert gone and set(found) == set(calm) - gone and len(found) == len(set(found))
    [told] = absent
    assert (told.days, told.kind) == (Window(ended, WINDOW.until), "part")
    assert "GBP is quoted no longer, its last rate is of 2026-09-07" in told.why
    assert "fixed_rates" in told.why
    after = Window(date(2026, 9, 12), WINDOW.until)
    found, [told] = extracted(access, after)
    assert {code for code, _ in found} == {"USD"} and told.kind == "part"


def test_a_rate_that_is_missing_once_is_asked_for_again(access: Access, sandbox: Any) -> None:
    calm, _ = extracted(access)
    sandbox.desk.order_fault("fx_rates", "missing_currency", 1)
    found, absent = extracted(access)
    assert sorted(found) == sorted(calm) and not absent


def test_rates_that_are_no_numbers_are_set_aside_and_the_others_land(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    calm = land(landing, access)
    sandbox.desk.order_fault("fx_rates", "retyped_column", 1)  # those below one
    load = land(landing, access)
    assert (load.row_count, load.set_aside_count) == (calm.row_count / 2, calm.row_count / 2)
    assert {code for _, code, *_ in rows(landing, load)} == {"USD"}


def test_rates_sent_twice_land_once_and_are_counted(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    calm = land(landing, access)
    sandbox.desk.order_fault("fx_rates", "duplicate_page", 1)
    twice = land(landing, access)
    assert rows(landing, twice) == rows(landing, calm)
    assert twice.set_aside_count == calm.row_count


def test_a_day_without_one_currency_or_any_costs_that_day(access: Access, sandbox: Any) -> None:
    calm, _ = extracted(access)

    def hole(asked: Asked, text: str) -> str:
        return "".join(
            x for x in text.splitlines(keepends=True) if "GBP,EUR,SP00,A,2026-09-03" not in x
        )

    sandbox.desk.spoil("fx_rates", hole, times=2)
    found, [told] = extracted(access)
    assert set(calm) - set(found) == {("GBP", "2026-09-03")} and told.kind == "part"
    assert "no exchange rate of GBP on 2026-09-03" in told.why
    sandbox.desk.order_fault("fx_rates", "empty_day", 1)
    found, [told] = extracted(access)
    assert set(calm) - set(found) == {("GBP", "2026-09-10"), ("USD", "2026-09-10")}
    assert (told.days, told.kind) == (Window(date(2026, 9, 10), date(2026, 9, 11)), "gap")
    assert "closed_days" in told.why


def test_a_silent_ecb_is_late_and_all_before_lands(access: Access, sandbox: Any) -> None:
    day = WINDOW.last_day
    assert SOURCE.written_through(access, RATES, day) == day
    sandbox.desk.order_fault("fx_rates", "silent_feed", 1)
    assert SOURCE.written_through(access, RATES, day) == date(2026, 8, 31)


@pytest.mark.parametrize(
    "answer",
    [
        Instead(404, {"status": 404, "detail": "No results found."}),
        Instead(200, "<html>Please solve this captcha</html>", {"content-type": "text/html"}),
        Instead(418, {"title": "I'm a teapot"}),
    ],
)
def test_an_answer_nobody_knows_is_asked_again_within_bounds(
    access: Access, landing: Landing, sandbox: Any, answer: Instead
) -> None:
    sandbox.desk.spoil("fx_rates", lambda asked, text: answer, times=2)
    assert land(landing, access).row_count > 0
    sandbox.desk.spoil("fx_rates", lambda asked, text: answer, times=99)
    with pytest.raises(UnknownRefusal, match="nobody here knows") as raised:
        land(landing, access)
    assert not raised.value.permanent


ROWS = "CURRENCY,CURRENCY_DENOM,TIME_PERIOD,OBS_VALUE\nUSD,EUR,2026-09-01,1.08\n"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xef\xbb\xbf<!DOCTYPE html><p>Request blocked.</p>", "a web page in place of the CSV"),
        (b'{"errors": [{"code": 500}]}', "no CSV of rates"),
        (b"Request blocked. Contact our help desk.\n", "no CSV of rates"),
        (b"\n", "no CSV of rates"),
        (ROWS.replace(",", ";").encode(), "no CSV of rates"),
        (ROWS.encode("utf-16-le"), "no CSV of rates"),
        (ROWS.encode("utf-16"), "no CSV"),
        (f"sep=,\n{ROWS}".encode(), "no CSV of rates"),
        (ROWS.replace("OBS_VALUE", "OBS_VALUE,OBS_VALUE").encode(), "a column twice"),
    ],
)
def test_what_is_no_csv_of_rates_is_asked_for_again_and_not_final(
    access: Access, landing: Landing, sandbox: Any, content: bytes, says: str
) -> None:
    answer = Instead(200, content)
    sandbox.desk.spoil("fx_rates", lambda asked, text: answer, times=2)
    assert land(landing, access).row_count > 0
    sandbox.desk.spoil("fx_rates", lambda asked, text: answer, times=99)
    with pytest.raises(UnknownRefusal, match=says) as raised:
        land(landing, access)
    assert not raised.value.permanent


@pytest.mark.parametrize("fault", ["throttle", "server_error", "truncated"])
def test_passing_trouble_is_waited_out(
    access: Access, landing: Landing, sandbox: Any, fault: str
) -> None:
    sandbox.desk.order_fault("fx_rates", fault, 2)
    assert land(landing, access).row_count > 0


def test_a_currency_the_ecb_does_not_quote_is_told_and_the_others_land(access: Access) -> None:
    calm, _ = extracted(access)
    odd = replace(access, options={"currencies": ["USD", "GBP", "XTS"]})
    found, [told] = extracted(odd)
    assert sorted(found) == sorted(calm)
    assert "the ECB quotes no XTS" in told.why and told.kind == "part"


def test_a_currency_that_ended_is_told_apart_from_a_feed_that_is_silent(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    """A company may know one currency only: the one that is always quoted tells, and lands not."""
    alone = replace(access, options={"currencies": ["XTS"]})
    found, [told] = extracted(alone)
    assert not found and "the ECB quotes no XTS" in told.why and told.kind == "part"
    assert land(landing, alone).row_count == 0
    sandbox.desk.order_fault("fx_rates", "silent_feed", 1)
    with pytest.raises(BrokenContract, match="no exchange rate of XTS since 2026-08-31"):
        land(landing, alone)


def quoting(answer: dict[str, str]) -> Any:
    """Spoils answers: these values of `CODE day` instead; one that is empty is not quoted."""

    def spoil(asked: Asked, text: str) -> str:
        header, *lines = text.splitlines(keepends=True)
        asked_for = asked.path.rpartition("/D.")[2].split(".")[0].split("+")
        kept = []
        for line in lines:
            cells = line.split(",")
            wanted = answer.pop(f"{cells[2]} {cells[6]}", cells[7])
            if wanted:
                kept.append(",".join([*cells[:7], wanted, *cells[8:]]))
        for pair, value in answer.items():
            code, day = pair.split()
            if code in asked_for and value:
                kept.append(
                    f"EXR.D.{code}.EUR.SP00.A,D,{code},EUR,SP00,A,{day},{value},A,F,4,x\r\n"
                )
        return "".join([header, *kept])

    return spoil


BEFORE = Window(date(2026, 8, 1), date(2026, 9, 8))
AFTER = Window(date(2026, 9, 8), date(2026, 9, 12))


def landed_on(
    access: Access, landing: Landing, sandbox: Any, day: str, factor: Any, **more: Any
) -> tuple[Load, list[tuple[Any, ...]]]:
    """August as it is; then a window of its own whose GBP of `day` is `factor` of what it is."""
    windows: dict[date, Load] = {}
    first = land(landing, access, BEFORE)
    windows.update(dict.fromkeys(BEFORE.days(), first))
    true = sandbox.desk.rows(
        f"select units_per_eur as u from fx where currency_code = 'GBP' and rate_date = '{day}'"
    )[0]["u"]
    value = factor(true)
    sandbox.desk.spoil("fx_rates", quoting({f"GBP {day}": f"{value:f}"}), times=1)
    load = take_in(
        landing, "fx_rates", RATES, AFTER, SOURCE.extract(access, RATES, AFTER),
        api_version="1", hash_key="k", known=windows, **more,
    )  # fmt: skip
    return load, landing.set_aside_rows(load)


@pytest.mark.parametrize(
    ("factor", "says"),
    [
        (lambda rate: round(1 / rate, 5), "units_per_base is upside down, seen from that of"),
        (lambda rate: rate * 100, "units_per_base is about 100 times that of 2026-09-07"),
        (lambda rate: rate * 10, "units_per_base is about 10 times that of 2026-09-07"),
        (lambda rate: rate / 100, "units_per_base is about 1/100 times that of 2026-09-07"),
        (lambda rate: rate * 1000, "units_per_base is about 1,000 times that of 2026-09-07"),
        (lambda rate: round(100 / rate, 5), "units_per_base is about 100 times"),
        (lambda rate: rate * Decimal("3.5"), "times that of 2026-09-07"),
    ],
)
def test_a_slip_of_one_currency_is_set_aside_and_the_others_land(
    access: Access, landing: Landing, sandbox: Any, factor: Any, says: str
) -> None:
    """The first day of a window is held against the last one of the window before."""
    load, aside = landed_on(access, landing, sandbox, "2026-09-08", factor)
    [row] = aside
    assert says in row["reason"] and row["day"] == date(2026, 9, 8)
    assert load.row_count == 2 * 4 - 1
    found = {(code, str(day)) for day, code, *_ in rows(landing, load)}
    assert ("USD", "2026-09-08") in found and ("GBP", "2026-09-09") in found


@pytest.mark.parametrize("factor", [Decimal("1.25"), Decimal("0.6"), Decimal("1.03")])
def test_a_jump_that_may_be_true_lands(
    access: Access, landing: Landing, sandbox: Any, factor: Decimal
) -> None:
    load, aside = landed_on(access, landing, sandbox, "2026-09-10", lambda rate: rate * factor)
    assert (load.row_count, aside) == (8, [])


def test_a_person_may_take_a_jump_as_true(access: Access, landing: Landing, sandbox: Any) -> None:
    load, aside = landed_on(
        access, landing, sandbox, "2026-09-08", lambda rate: rate * 100, accepted=True
    )
    assert (load.row_count, aside) == (8, [])


def test_the_slips_of_a_first_landing_are_told_by_the_rates_around_them(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    """Even where the very first rate is the one that slipped."""
    slips = {"GBP 2026-08-03": "86.1", "USD 2026-08-20": "0.0114", "USD 2026-09-01": "114"}
    sandbox.desk.spoil("fx_rates", quoting(slips), times=1)
    aside = landing.set_aside_rows(load := land(landing, access))
    assert [(str(row["day"]), row["reason"].split(" is ")[1][:9]) for row in aside] == [
        ("2026-08-03", "about 100"), ("2026-08-20", "about 1/1"), ("2026-09-01", "about 100"),
    ]  # fmt: skip
    assert all("GBP" in row["content"] or "USD" in row["content"] for row in aside)
    assert load.row_count > 50


D = date


@pytest.mark.parametrize(
    ("last", "new", "is_slip"),
    [
        # Days on which the world moved, as the ECB published them.
        ((D(2015, 1, 14), 1.2010), (D(2015, 1, 15), 1.0280), False),  # the franc's floor is lifted
        ((D(2022, 2, 28), 115.1), (D(2022, 3, 1), 117.2), False),  # the rouble's last days
        ((D(2021, 12, 17), 18.58), (D(2021, 12, 21), 14.53), False),  # the lira, and back
        ((D(2016, 6, 23), 0.76530), (D(2016, 6, 24), 0.80828), False),  # the morning after a vote
        ((D(2008, 12, 9), 290.0), (D(2018, 2, 1), 124.6), False),  # the krona, quoted again
        ((D(2022, 3, 1), 117.2), (D(2026, 11, 20), 92.4), False),  # the rouble, were it again
        ((D(2022, 8, 22), 1.0001), (D(2022, 8, 23), 0.9927), False),  # the dollar at par
        # Slips.
        ((D(2026, 9, 7), 1.17), (D(2026, 9, 8), 0.8547), True),
        ((D(2026, 9, 4), 0.935), (D(2026, 9, 8), 1.0695), True),
        ((D(2026, 9, 7), 172.4), (D(2026, 9, 8), 1.724), True),  # yen quoted per hundred
        ((D(2026, 9, 7), 172.4), (D(2026, 9, 8), 0.0058), True),
        ((D(2026, 9, 7), 395.1), (D(2026, 9, 8), 3.951), True),  # forint per hundred
        ((D(2025, 12, 30), 143.2), (D(2026, 9, 8), 1.432), True),  # after months of silence
        ((D(2026, 4, 2), 0.8712), (D(2026, 4, 7), 1.1478), True),  # over Easter, upside down
        ((D(2008, 12, 9), 290.0), (D(2018, 2, 1), 1.246), True),
        ((D(2026, 9, 7), 19500.0), (D(2026, 9, 8), 19.5), True),  # rupiah in thousands
        ((D(2026, 9, 7), 1.17), (D(2026, 9, 8), 1.0), True),  # one for what is missing
        ((D(2022, 7, 12), 1.0042), (D(2022, 7, 13), 1.0), False),  # near par it may be one
    ],
)
def test_what_the_world_did_and_what_a_slip_is(
    last: tuple[date, float], new: tuple[date, float], is_slip: bool
) -> None:
    assert bool(slip(last, new)) == is_slip


def test_a_currency_that_begins_is_told_and_lands_from_then_on(
    access: Access, sandbox: Any
) -> None:
    """As the krona of Iceland in February 2018, or an accession country's."""
    begins = {f"ISK 2026-09-{day:02}": "143.5" for day in (9, 10, 11, 14)}
    sandbox.desk.spoil("fx_rates", quoting(dict(begins)), times=1)
    one = replace(access, options={"currencies": ["USD", "ISK"]})
    sandbox.desk.spoil("fx_rates", quoting(dict(begins)), times=1)
    found, [told] = extracted(one)
    assert {day for code, day in found if code == "ISK"} == {k.split()[1] for k in begins}
    assert "ISK is quoted since 2026-09-09 only" in told.why and "fixed_rates" in told.why
    assert told.days == Window(date(2026, 8, 3), date(2026, 9, 9))


def test_a_currency_that_is_suspended_and_comes_back_costs_the_days_between(
    access: Access, sandbox: Any
) -> None:
    gone = {f"GBP 2026-08-{day:02}": "" for day in range(10, 15)}
    for _ in range(2):
        sandbox.desk.spoil("fx_rates", quoting(dict(gone)), times=1)
    found, [told] = extracted(access)
    assert ("GBP", "2026-08-10") not in found and ("GBP", "2026-08-17") in found
    assert "2026-08-10, 2026-08-11, 2026-08-12 and 2 more days" in told.why


@pytest.mark.parametrize("code", ["BGN", "HRK", "LTL", "DEM"])
def test_what_became_the_euro_is_neither_asked_for_nor_missed(
    access: Access, landing: Landing, code: str
) -> None:
    found, absent = extracted(replace(access, options={"currencies": ["USD", code]}))
    assert {one for one, _ in found} == {"USD"} and not absent
    alone = replace(access, options={"currencies": [code]}, base_url="http://127.0.0.1:9")
    assert extracted(alone) == ([], [])
    assert SOURCE.written_through(alone, RATES, WINDOW.last_day) == WINDOW.last_day
    assert land(landing, alone).row_count == 0


def test_a_window_in_which_a_currency_becomes_the_euro_misses_nothing_after(
    access: Access, publish: Callable[[set[date]], None]
) -> None:
    window = Window(date(2025, 12, 22), date(2026, 1, 10))
    days = {day for day in Window(date(2025, 12, 1), window.until).days() if is_working_day(day)}
    publish(days)
    lev = replace(access, options={"currencies": ["BGN", "USD"]}, history_start=window.since)
    found, absent = extracted(lev, window)
    assert ("BGN", "2025-12-31") in found and not absent


def test_the_rates_of_the_law_are_those_the_council_fixed() -> None:
    assert len(BECAME_EURO) == 21
    assert BECAME_EURO["BGN"] == (date(2026, 1, 1), Decimal("1.95583"))
    assert BECAME_EURO["HRK"] == (date(2023, 1, 1), Decimal("7.53450"))
    assert all(
        len(f"{units}".replace(".", "").lstrip("0")) == 6 for _, units in BECAME_EURO.values()
    )


def test_values_in_hundreds_are_read_as_the_feed_says(access: Access, sandbox: Any) -> None:
    def in_hundreds(asked: Asked, text: str) -> str:
        header, *lines = text.splitlines()
        out = [f"{header},UNIT_MULT"]
        for line in lines:
            cells = line.split(",")
            if cells[2] == "GBP":
                cells[7] = f"{Decimal(cells[7]) / 100:f}"
            out.append(",".join([*cells, "2" if cells[2] == "GBP" else "0"]))
        return "\r\n".join([*out, ""])

    calm = [row for page in SOURCE.extract(access, RATES, WINDOW) for row in page]
    sandbox.desk.spoil("fx_rates", in_hundreds, times=1)
    read = [row for page in SOURCE.extract(access, RATES, WINDOW) for row in page]
    assert [Decimal(row["units_per_base"]) for row in read] == [
        Decimal(row["units_per_base"]) for row in calm
    ]


def test_nothing_to_fetch_is_said_before_asking(access: Access, landing: Landing) -> None:
    with pytest.raises(TrueupError, match="list the accounts' currencies"):
        land(landing, replace(access, options={}))


def test_a_holiday_is_no_gap_but_a_working_day_is(
    access: Access, landing: Landing, publish: Callable[[set[date]], None]
) -> None:
    """Good Friday 3 April and Easter Monday 6 April 2026 have no rate; Wednesday 8 April has."""
    window = Window(date(2026, 4, 1), date(2026, 4, 11))
    around = Window(window.since - timedelta(days=20), window.until)
    open_days = {day for day in around.days() if is_working_day(day)}
    publish(open_days - {date(2026, 4, 8)})
    [told] = extracted(access, window)[1]
    assert told.kind == "gap" and "no exchange rate on 2026-04-08" in told.why
    closed = {**access.options, "closed_days": [date(2026, 4, 8)]}
    land(landing, replace(access, options=closed), window)
    publish(open_days)
    days = {day for day, *_ in rows(landing, land(landing, access, window))}
    assert days == {date(2026, 4, d) for d in (1, 2, 7, 8, 9, 10)}


def test_easter_is_waited_for_and_a_silent_week_is_not(
    access: Access, landing: Landing, publish: Callable[[set[date]], None]
) -> None:
    publish({date(2026, 3, 31), date(2026, 4, 1), date(2026, 4, 2)})
    for day in (6, 7):  # Monday is a holiday; Tuesday's rate comes out in the afternoon
        waiting = Window(date(2026, 4, day), date(2026, 4, day + 1))
        assert land(landing, access, waiting).row_count == 0
    wednesday = Window(date(2026, 4, 8), date(2026, 4, 9))
    with pytest.raises(BrokenContract, match="since 2026-04-02"):
        land(landing, access, wednesday)


@pytest.mark.parametrize(
    "sunday", [date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2038, 4, 25)]
)
def test_easter_falls_where_the_almanac_says(sunday: date) -> None:
    assert easter(sunday.year) == sunday
    assert not is_working_day(sunday - timedelta(days=2))
    assert not is_working_day(sunday + timedelta(days=1))
    assert is_working_day(sunday - timedelta(days=3))
