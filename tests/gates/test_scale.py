"""Amounts of another scale than they were are held or reported, with the factor; shops are not."""

from __future__ import annotations

import math
import random
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from feed_files import ORDERS, SPEND, Folder
from trueup.gates import load_scale, scale
from trueup.gates.findings import Finding, Verdict
from trueup.gates.intake_rows import Subject
from trueup.gates.scale import Value
from trueup.gates.shares import Tolerance
from trueup.gates.tax import taxed
from trueup.sources import registry
from trueup.window import Window

BEGIN = date(2026, 9, 1)
FILES = registry.load("files")
PRICES = [9.9, 14.5, 19.0, 24.9, 29.9, 39.0, 45.0, 59.9, 79.0, 99.0, 129.0, 249.0]


def skewed(draw: random.Random) -> float:
    """What orders of a shop are like: most are small, some are not."""
    return round(draw.lognormvariate(4, 0.9), 2)


def priced(draw: random.Random) -> float:
    return round(sum(draw.choice(PRICES) for _ in range(draw.choice([1, 1, 1, 2, 3]))), 2)


def orders(
    days: int, of_day: float, amount: Callable[[random.Random], float], seed: int = 1,
    since: date = BEGIN,
) -> list[Value]:  # fmt: skip
    """So many days with so many orders each, a fraction of one being one in some days."""
    draw = random.Random(seed)
    found = []
    for number in range(days):
        count = int(of_day) + (draw.random() < of_day % 1)
        found += [(since + timedelta(number), amount(draw)) for _ in range(count)]
    return found


def times(values: list[Value], factor: float) -> list[Value]:
    return [(day, round(value * factor, 2)) for day, value in values]


@pytest.mark.parametrize("factor", [100, 1000, 0.01, 0.001, 1_000_000])
@pytest.mark.parametrize(
    ("days", "of_day", "new_days"),
    [(60, 20, 1), (60, 3, 1), (30, 1, 3), (60, 0.4, 10), (8, 1, 3), (3, 5, 1)],
)
def test_a_power_of_ten_holds_also_in_a_small_shop(
    factor: float, days: int, of_day: float, new_days: int
) -> None:
    before = orders(days, of_day, skewed)
    new = times(orders(new_days, of_day, skewed, seed=2, since=BEGIN + timedelta(days)), factor)
    *_, last = scale.shifted(before, new)
    assert last.outcome == "hold"
    power = round(math.log10(factor))
    said = f"about {10**power:,} times" if power > 0 else f"about 1/{10**-power:,} of"
    assert last.times == said and "cents" in last.meaning


@pytest.mark.parametrize("of_day", [0.3, 1, 4, 30])
@pytest.mark.parametrize("sigma", [0.3, 0.9, 1.5, 2.2])
def test_a_shop_that_is_as_it_was_is_left_alone(of_day: float, sigma: float) -> None:
    """Shops of every kind, the dear ones with orders a thousand times the others'."""
    for seed in range(int(20 / (1 + of_day))):
        values = orders(
            120, of_day, lambda draw: round(draw.lognormvariate(5, sigma), 2) + 0.01, seed
        )
        half = len(values) // 2
        assert scale.shifted(values[:half], values[half:]) == []
        assert scale.shifted([], values) == []
        assert taxed(values) is None


@pytest.mark.parametrize(
    ("what", "new"),
    [
        ("one great order", lambda: [(BEGIN + timedelta(60), 9_000.0), *usual(4)]),
        ("a sale at half the price", lambda: times(usual(30), 0.5)),
        ("prices that double", lambda: times(usual(30), 2)),
        ("a dearer range", lambda: times(usual(30), 5)),
        ("a day without orders", list),
        ("ten per cent more", lambda: times(usual(40), 1.1)),
    ],
)
def test_what_shops_do_is_no_slip(what: str, new: Callable[[], list[Value]]) -> None:
    before = orders(60, 4, priced)
    assert scale.shifted(before, new()) == [], what
    assert taxed([*before, *new()]) is None, what


def usual(count: int) -> list[Value]:
    return orders(1, count, priced, seed=7, since=BEGIN + timedelta(60))


@pytest.mark.parametrize("tax", [1.19, 1.20, 1.21, 1.22, 1.23, 1.25])
@pytest.mark.parametrize("is_taken_off", [False, True])
@pytest.mark.parametrize(
    ("of_day", "days", "amount"), [(3, 3, priced), (20, 1, priced), (150, 7, skewed)]
)
def test_a_tax_put_on_or_taken_off_is_reported_with_its_rate(
    tax: float,
    is_taken_off: bool,
    of_day: int,
    days: int,
    amount: Callable[[random.Random], float],
) -> None:
    factor = 1 / tax if is_taken_off else tax
    before = orders(60, of_day, amount)
    new = times(orders(days, of_day, amount, seed=3, since=BEGIN + timedelta(60)), factor)
    found = taxed([*before, *new])
    assert found and found.outcome == "warn" and "value added tax" in found.meaning
    assert abs(found.factor / factor - 1) < (0.001 if amount is priced else 0.06)


@pytest.mark.parametrize(
    ("factor", "outcome", "says"),
    [
        (100, "hold", "about 100 times"),
        (0.01, "hold", "about 1/100 of"),
        (1000, "hold", "about 1,000 times"),
        (10, "warn", "about 10 times"),
        (1.19, "warn", "1.19 times"),
        (1 / 1.25, "warn", "1/1.25 of"),
        (1.085, "warn", "1.08"),  # another currency?
    ],
)
def test_what_comes_again_by_one_factor_is_reported_with_it(
    factor: float, outcome: str, says: str
) -> None:
    values = orders(10, 3, skewed)
    pairs = [(day, value, round(value * factor, 2)) for day, value in values]
    found = scale.restated(pairs)
    assert found and found.outcome == outcome and says in found.times


def test_what_comes_again_as_it_was_or_here_and_there_other_is_no_shift() -> None:
    values = orders(10, 3, skewed)
    assert scale.restated([(day, value, value) for day, value in values]) is None
    draw = random.Random(4)
    edited = [(day, value, value * draw.uniform(0.3, 3)) for day, value in values]
    assert scale.restated(edited) is None
    assert scale.restated([(BEGIN, 10.0, 1000.0)]) is None, "one order was edited"


SUBJECT = Subject(
    "landing/files", "files.orders", "till", "", Tolerance(), False,
    datetime(2026, 10, 1, tzinfo=UTC), money="amount_local",
)  # fmt: skip


def lines(values: list[Value], prefix: str = "o", currency: str = "EUR") -> list[str]:
    return [f"{prefix}{n},{day},{value},{currency}" for n, (day, value) in enumerate(values)]


def judged(
    shop: Folder, rows: list[str], accepted: dict[str, date] | None = None, stream: str = "orders"
) -> tuple[list[Finding], list[str], str]:
    """The findings of a landing of just these rows, the loads held, and the load."""
    load = shop.write("till.csv", "\n".join(["id,day,total,currency", *rows]) + "\n").land()
    found, held = load_scale.findings(
        shop.landing, FILES.stream(stream), [load], SUBJECT, accepted or {}
    )
    return found, held, load.load_id


@pytest.fixture
def shop(tmp_path: Path) -> Folder:
    return Folder(tmp_path, "orders", ORDERS.replace("'EUR' as", "currency as"))


def test_a_feed_whose_new_days_are_in_cents_is_held_until_a_person_restores_it(
    shop: Folder,
) -> None:
    """What is restored is the scale from then on."""
    calm = orders(20, 3, skewed)
    assert judged(shop, lines(calm))[:2] == ([], [])
    cents = times(orders(2, 3, skewed, seed=2, since=BEGIN + timedelta(20)), 100)
    grown = [*calm, *cents]
    [finding], held, load_id = judged(shop, lines(grown))
    assert held == [load_id]
    assert finding.verdict == "hold" and finding.since_date == BEGIN + timedelta(20)
    assert "6 rows in EUR are about 100 times what they were" in finding.observed
    verdict = Verdict("landing/files", (finding,), SUBJECT.at, held_loads=(load_id,))
    assert load_scale.accepted_since([verdict], aside={load_id}) == {}
    accepted = load_scale.accepted_since([verdict], aside=set())
    more = times(orders(1, 3, skewed, seed=3, since=BEGIN + timedelta(22)), 100)
    assert judged(shop, lines([*grown, *more]), accepted)[:2] == ([], [])


def test_a_file_delivered_again_at_another_scale_is_held(shop: Folder) -> None:
    calm = orders(20, 2, skewed)
    judged(shop, lines(calm))
    [finding], held, load_id = judged(shop, lines(times(calm, 100)))
    assert held == [load_id] and "what landed before has come again so" in finding.observed


def test_a_file_delivered_again_with_tax_is_reported(shop: Folder) -> None:
    calm = orders(20, 2, skewed)
    judged(shop, lines(calm))
    [finding], held, _ = judged(shop, lines(times(calm, 1.23)))
    assert not held and finding.verdict == "warn"
    assert "1.23 times" in finding.observed and "value added tax" in finding.observed


def test_a_first_landing_is_held_against_itself(shop: Folder) -> None:
    values = orders(20, 3, skewed)
    values = [*values[:40], *times(values[40:], 1000)]
    [finding], held, load_id = judged(shop, lines(values))
    assert held == [load_id] and "about 1,000 times" in finding.observed


def test_one_currency_in_hundredths_is_reported_by_name(shop: Folder) -> None:
    """Yen have no hundredths; a client that divides or multiplies by a hundred makes some."""
    euro, yen = orders(20, 6, skewed), times(orders(20, 2, skewed, seed=5), 170)
    judged(shop, [*lines(euro), *lines(yen, "j", "JPY")])
    new = times(orders(2, 3, skewed, seed=6, since=BEGIN + timedelta(20)), 17_000)
    more = orders(2, 6, skewed, seed=8, since=BEGIN + timedelta(20))
    [finding], held, _ = judged(
        shop, [*lines([*euro, *more]), *lines(yen, "j", "JPY"), *lines(new, "k", "JPY")]
    )
    assert held and "6 rows in JPY are about 100 times" in finding.observed


def test_a_witness_warns_and_holds_nothing(shop: Folder) -> None:
    calm = orders(20, 3, skewed)
    cents = times(orders(2, 3, skewed, 2, BEGIN + timedelta(20)), 100)
    judged(shop, lines(calm))
    load = shop.write(
        "till.csv", "\n".join(["id,day,total,currency", *lines([*calm, *cents])]) + "\n"
    ).land()
    [finding], held = load_scale.findings(
        shop.landing, FILES.stream("orders"), [load], replace(SUBJECT, is_witness=True), {}
    )
    assert (finding.verdict, held) == ("warn", [])


def spend(path: Path) -> Folder:
    return Folder(path, "ad_performance", SPEND, window=Window(BEGIN, date(2026, 10, 1)))


def landed_spend(ads: Folder, rows: list[str]) -> tuple[list[Finding], list[str]]:
    text = "\n".join(["day,campaign,impressions,clicks,cost", *rows]) + "\n"
    load = ads.write("ads.csv", text).land()
    subject = replace(SUBJECT, table_name="files.ad_performance", money="spend_amount_local")
    return load_scale.findings(ads.landing, FILES.stream("ad_performance"), [load], subject, {})


def day_of_ads(number: int, cost: Callable[[int], Decimal], clicks: int = 40) -> list[str]:
    return [
        f"{BEGIN + timedelta(number)},c{n},{clicks * 50},{clicks + n},{cost(clicks + n)}"
        for n in range(4)
    ]


def test_spend_is_judged_by_the_price_of_a_click(tmp_path: Path) -> None:
    """A budget a hundred times the last is a decision; a click at a hundred times is a slip."""

    def normal(clicks: int) -> Decimal:
        return Decimal(clicks) * Decimal("0.35")

    calm = [row for number in range(20) for row in day_of_ads(number, normal)]
    ads = spend(tmp_path)
    assert landed_spend(ads, calm) == ([], [])
    greater = day_of_ads(20, normal, clicks=4_000)
    assert landed_spend(ads, [*calm, *greater]) == ([], [])
    micros = day_of_ads(21, lambda clicks: normal(clicks) * 1_000_000)
    [finding], held = landed_spend(ads, [*calm, *greater, *micros])
    assert held and "4 rows in EUR are about 1,000,000 times" in finding.observed
    assert finding.signal == "spend_amount_local a click"


def rolled(values: list[Value]) -> list[str]:
    """What two years of a real company show when each fortnight is held against three months."""
    found = []
    day = min(values)[0] + timedelta(90)
    while day < max(values)[0]:
        until = day + timedelta(14)
        before = [one for one in values if day - timedelta(90) <= one[0] < day]
        new = [one for one in values if day <= one[0] < until]
        found += [f"{one.since}: {one.times}" for one in scale.shifted(before, new)]
        if tax := taxed([*before, *new]):
            found.append(f"{tax.since}: {tax.times}")
        day = until
    return found


def test_real_amounts_raise_no_alarm(shared: Callable[[str], Path]) -> None:
    """A market place's payments, which bear no day and are dealt to days; and its deals."""
    payments = shared("real/olist/olist_order_payments_dataset.parquet")
    deals = shared("real/olist/olist_closed_deals_dataset.csv")
    with duckdb.connect() as con:
        orders = con.execute(
            "select date '2017-01-01' + (hash(order_id) % 600)::int as day, payment_value::double"
            " from read_parquet(?) where payment_value > 0"
            " qualify row_number() over (partition by day order by hash(order_id)) <= 20",
            [str(payments)],
        ).fetchall()
        revenue = con.execute(
            "select try_strptime(won_date, '%Y.%m.%d %H:%M')::date as day,"
            " declared_monthly_revenue::double from read_csv(?)"
            " where declared_monthly_revenue > 0 and day is not null",
            [str(deals)],
        ).fetchall()
    assert rolled(orders) == []
    assert [one for one in rolled(revenue) if "about" in one] == []


def test_two_years_of_a_seasonal_hotel_raise_no_alarm(
    shared: Callable[[str], Path], tmp_path: Path
) -> None:
    with zipfile.ZipFile(shared("real/hotel/hotel_bookings.zip")) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".csv")]
        archive.extract(name, tmp_path)
    with duckdb.connect() as con:
        rates = con.execute(
            "select hotel, strptime(concat_ws(' ', arrival_date_year, arrival_date_month,"
            " arrival_date_day_of_month), '%Y %B %d')::date as day, trim(adr)::double as rate"
            " from read_csv(?, all_varchar = true) where rate > 0"
            " qualify row_number() over (partition by hotel, day order by hash(rate)) <= 10",
            [str(tmp_path / name)],
        ).fetchall()
    for hotel in {one for one, _, _ in rates}:
        values = sorted((day, rate) for one, day, rate in rates if one == hotel)
        assert [one for one in rolled(values) if "about" in one] == [], hotel
