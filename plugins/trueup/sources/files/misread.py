"""Whether a select takes the sign before the cents out of amounts, so that 12,50 is read as 1250 or
1.234,50 as 1.2345. Each such amount is a number, a hundred times the truth or a thousandth of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations
from typing import Any

from trueup.sources.amounts import lenient_amount
from trueup.sources.files.reading import Job

#: So many rows are looked at; so many, and so much of those that can tell, are no chance.
SAMPLE_ROWS = 1000
FEWEST_ROWS, MOST_SHARE = 3, 0.5
#: What has one or two digits behind its last point or comma has cents.
CENTS = re.compile(r"[.,]\d{1,2}\D*$")
#: What a point may part thousands in, what it can only part decimals in, and a decimal comma.
GROUPED = re.compile(r"\D*[1-9]\d{0,2}\.\d{3}\D*")
POINT = re.compile(r"\D*\d+\.(\d{1,2}|\d{4,})\D*")
COMMA = re.compile(r".*,\d{1,2}\D*")
FEWEST_GROUPED = 2


def check(job: Job, given: dict[str, str]) -> None:
    """Raises BrokenContract where most amounts of `mapped` are what the file's cells hold, with the
    sign in another place."""
    money = job.stream.money
    if money not in given:
        return
    found = job.con.execute(
        f'select mapped."{money}", input.* exclude (_row, _file) from mapped'
        f' inner join input using (_row) where mapped."{money}" is not null limit {SAMPLE_ROWS}'
    ).fetchall()
    rows = [(lenient_amount(value), cells) for value, *cells in found]
    if reads_points_both_ways([(_plain(value), cells) for value, *cells in found]):
        raise job.broken(
            f"its select {job.feed.sql} reads 4.125 as 4125, and 116.62 as it stands",
            next_step="where points part decimals, let the select take commas out alone, as"
            " english_number of docs/files.md does",
        )
    judged = [is_misread(amount, cells) for amount, cells in rows]
    misread, telling = judged.count(True), len(judged) - judged.count(None)
    if misread >= FEWEST_ROWS and misread >= MOST_SHARE * telling:
        raise job.broken(
            f"its select {job.feed.sql} reads 12,50 as 1250, or 1.234,50 as 1.2345",
            got=f"{misread} of {telling} amounts have the digits of their cell and not its worth",
            next_step="let the select take out what parts thousands, and make a point of a decimal"
            " comma: replace(replace(name, '.', ''), ',', '.')",
        )


def reads_points_both_ways(rows: Sequence[tuple[Decimal | None, Sequence[Any]]]) -> bool:
    """Whether points part thousands in some amounts and decimals in others, by what the cells they
    are read from hold, and no comma says which is right."""
    texts = [
        (amount, cell)
        for amount, cells in rows
        for cell in cells
        if amount is not None and isinstance(cell, str)
    ]
    as_written = [text for amount, text in texts if lenient_amount(text) == amount]
    if not any(map(POINT.fullmatch, as_written)) or any(map(COMMA.fullmatch, as_written)):
        return False
    moved = (
        GROUPED.fullmatch(text) and abs(amount) == Decimal(re.sub(r"\D", "", text))
        for amount, text in texts
    )
    return sum(map(bool, moved)) >= FEWEST_GROUPED


def _plain(value: Any) -> Decimal | None:
    """The amount as it is cast, 4.125 as no thousands."""
    try:
        amount = Decimal(str(value).strip())
    except ArithmeticError:
        return None
    return amount if amount.is_finite() else None


def is_misread(amount: Decimal | None, cells: Sequence[Any]) -> bool | None:
    """Whether the amount is one of the row's texts read wrongly; None where no text can tell."""
    texts = [cell for cell in cells if isinstance(cell, str)]
    worth = {text: found for text in texts if (found := lenient_amount(text)) is not None}
    telling = [text for text in worth if CENTS.search(text)]
    if amount is None or not telling:
        return None
    products = {one * other for one, other in combinations(worth.values(), 2)}
    if amount in worth.values() or amount in products:
        return False
    return any(_is_moved(amount, text, worth[text]) for text in telling)


def _is_moved(amount: Decimal, text: str, worth: Decimal) -> bool:
    if abs(amount) == Decimal(re.sub(r"\D", "", text)):
        return True
    has_both = "." in text and "," in text
    return has_both and amount.normalize().as_tuple().digits == worth.normalize().as_tuple().digits
