"""The section of cohorts: what customers of a month are worth at equal age, and how soon what their
channel cost comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from trueup.reports.page import charts, life_charts, tables, worth_to_come
from trueup.reports.page.cohorts import MOST_AGES, QUARTER_AGE, Cell, Channel, Cohorts, Worth
from trueup.reports.page.formats import UNKNOWN, amount, count, plain, words
from trueup.reports.page.mart_file import Head
from trueup.reports.page.spend_section import FEW_CONVERSIONS
from trueup.reports.page.tables import Column, Html, joined, tag
from trueup.reports.page.worth_to_come import Projection

DAYS_OF_AGE = 30
#: From this LTV on nobody reads cents.
WITHOUT_CENTS = 100
OPEN = Html("open", look="open")


def section(found: Cohorts | None, projected: Sequence[Projection] | None, head: Head) -> str:
    inside = _cohorts(found, projected, head)
    return tables.section("cohorts", "Customers by cohort", inside)


def _cohorts(
    found: Cohorts | None, projected: Sequence[Projection] | None, head: Head
) -> Iterator[str]:
    if found is None:
        yield tables.note("The mart has no cohorts of customers yet.")
        return
    if not found.months:
        yield tables.note("Nobody who is known by a record has bought anything yet.")
        return
    yield tables.note(
        "Customers by the month of their first purchase that stands. Ages are each customer's own,"
        f" in months of {DAYS_OF_AGE} days; LTV is what a customer has brought by then, returns"
        f" taken away, {head.currency}. Open: not all of the month's customers are that old, so"
        " nothing compares yet."
    )
    yield _worth(found)
    if found.may_hold_older:
        yield tables.note(
            f"Customers of {_names(found.may_hold_older)} may have bought before the history began."
        )
    if not found.worth:
        yield tables.note("No month's customers have all had their first 30 days yet.")
        return
    yield f"<h3>What channels cost, and how soon it comes back</h3>{_compared(found)}"
    yield from _came_back(found)
    yield _channel_table(found, head)
    figures = [worth.ltv for one in found.channels for worth in one.ages if worth.ltv]
    yield from worth_to_come.shown(projected, head, _digits(figures))
    yield "<h3>Payback by month and channel</h3>"
    yield tables.note(
        f"Days of age by which the margin covers the cost; > where it does not yet, {UNKNOWN} where"
        " nothing was spent or no margin is known."
    )
    yield _payback_table(found)
    yield tables.details("LTV by month and channel", _quarter_table(found, head))


def _worth(found: Cohorts) -> str:
    ages = max((age for _, age in found.worth), default=0) + 1
    figures = [worth.ltv for worth in found.worth.values() if worth.ltv]
    digits, most = _digits(figures), max(figures, default=Decimal(1))
    columns = [Column("Came in", is_figure=False), Column("Customers")]
    columns += [Column(f"{DAYS_OF_AGE * (age + 1)} days") for age in range(ages)]
    rows = []
    for month, customers in reversed(found.months):
        known = (found.worth.get((month, age)) for age in range(ages))
        cells = [_shaded(one, digits, most) for one in known]
        rows.append([f"{month:%b %Y}", count(customers), *cells])
    return tables.table("LTV by month and age, newest first", columns, rows, is_wide=True)


def _shaded(worth: Worth | None, digits: int, most: Decimal) -> Html | str:
    if worth is None:
        return OPEN
    if worth.ltv is None:
        return UNKNOWN
    return Html(amount(worth.ltv, digits), look="shaded", level=_level(worth.ltv, most))


def _level(value: Decimal, most: Decimal) -> int:
    return int(100 * max(value, Decimal(0)) / most)


def _compared(found: Cohorts) -> str:
    months = f"{found.age + 1} month{'s' * (found.age > 0)}"
    return tables.note(
        f"Customers of {_names(found.compared)}, who have all had {months} of {DAYS_OF_AGE} days."
        " Cost is what the channel cost in those months, whomever it brought; it is paid back where"
        " the customers' margin covers it."
    )


def _came_back(found: Cohorts) -> Iterator[str]:
    drawn = [one for one in found.channels if life_charts.can_be_drawn(one)][: charts.MOST_LINES]
    if found.age == 0 or not drawn:
        return
    yield tables.legend(
        [(plain(words(one.name), 30), f"line{place + 1}", f"line dash{place + 1}")
         for place, one in enumerate(drawn)]
        + [("paid back (1)", "muted", "line dash3")]
    )  # fmt: skip
    described = "Margin per cost by age of " + ", ".join(plain(words(one.name)) for one in drawn)
    title = "How soon each channel's cost comes back"
    chart = charts.both("came-back", title, described, life_charts.came_back(drawn))
    yield f"<figure>{chart}</figure>"


def _channel_table(found: Cohorts, head: Head) -> str:
    shown = [age for age in (0, QUARTER_AGE) if age < found.age] + [found.age]
    figures = [worth.ltv for one in found.channels for worth in one.ages if worth.ltv]
    digits = _digits(figures)
    columns = [
        Column("Channel", is_figure=False), Column("Customers"),
        Column(f"Cost {head.currency}"), Column("Cost per customer"),
        *(Column(f"LTV {DAYS_OF_AGE * (age + 1)} days") for age in shown),
        Column(f"Margin {DAYS_OF_AGE * (found.age + 1)} days", title="per customer"),
        Column("Margin per cost"), Column("Paid back after"),
    ]  # fmt: skip
    rows = []
    for one in found.channels:
        last = one.ages[-1]
        is_few = 0 < last.customers < FEW_CONVERSIONS
        customers = count(last.customers)
        rows.append([
            plain(words(one.name), 40),
            joined(customers, tag("few", "quiet")) if is_few else customers,
            amount(last.spend), amount(last.acquisition_cost, digits),
            *(amount(one.ages[age].ltv, digits) if age < len(one.ages) else UNKNOWN
              for age in shown),
            amount(last.ltv_margin, digits), amount(last.came_back, 2), _after(one, found.age),
        ])  # fmt: skip
    return tables.table("Channels at equal age", columns, rows, is_wide=True)


def _after(one: Channel, age: int) -> str:
    if one.ages[-1].came_back is None:
        return UNKNOWN
    if one.paid_back_age is None:
        return f"> {DAYS_OF_AGE * (age + 1)} days"
    return f"{DAYS_OF_AGE * (one.paid_back_age + 1)} days"


def _payback_table(found: Cohorts) -> str:
    """Of every month and channel with a cost, after how many days it had come back."""

    def shown(cell: Cell | None) -> Html | str:
        if cell is None or not cell.is_comparable:
            return UNKNOWN
        if cell.paid_back_age is None:
            return f"> {DAYS_OF_AGE * (cell.oldest + 1)}"
        level = 100 * (MOST_AGES - cell.paid_back_age) // MOST_AGES
        days = f"{DAYS_OF_AGE * (cell.paid_back_age + 1)}"
        return Html(days, look="shaded", level=max(level, 0))

    paid = [one.name for one in found.channels if one.ages[-1].spend]
    return _by_month(found, paid, "Paid back after so many days", shown)


def _quarter_table(found: Cohorts, head: Head) -> str:
    sums = [cell.quarter for cell in found.cells.values() if cell.quarter]
    figures = [worth.ltv for worth in sums if worth.ltv]
    digits, most = _digits(figures), max(figures, default=Decimal(1))

    def shown(cell: Cell | None) -> Html | str:
        if cell is None:
            return UNKNOWN
        if cell.oldest < QUARTER_AGE:
            return OPEN
        return _shaded(cell.quarter, digits, most)

    caption = f"LTV after {DAYS_OF_AGE * (QUARTER_AGE + 1)} days by month and channel"
    names = [one.name for one in found.channels]
    return _by_month(found, names, f"{caption}, {head.currency}", shown)


def _by_month(
    found: Cohorts, names: list[str], caption: str, shown: Callable[[Cell | None], Html | str]
) -> str:
    """Channels down, months across; of a month that no age is known of everything is open."""
    known = {month for month, _ in found.worth}
    columns = [Column("Channel", is_figure=False)]
    columns += [Column(f"{month:%b %Y}") for month, _ in found.months]
    rows: list[list[Html | str]] = []
    for name in names:
        cells = (
            shown(found.cells.get((name, month))) if month in known else OPEN
            for month, _ in found.months
        )
        rows.append([plain(words(name), 30), *cells])
    return tables.table(caption, columns, rows, is_wide=True)


def _digits(figures: list[Decimal]) -> int:
    return 0 if max(figures, default=Decimal(0)) >= WITHOUT_CENTS else 2


def _names(months: list[date]) -> str:
    """`months` follow one another."""
    first, last = (f"{month:%B %Y}" for month in (months[0], months[-1]))
    return first if first == last else f"{first} to {last}"
