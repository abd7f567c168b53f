"""What was typed before an ad was shown, and the rest: terms so rare that Google withholds them.

An ad's own report has all it showed; what its terms do not account for is a row without a term. So
is a term that tells who typed it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from trueup.sources import contacts
from trueup.sources.contract import SetAside
from trueup.sources.google_ads.rows import ROUNDING, Row

FIGURES = ("impressions", "clicks", "cost", "conversions")
_AD = ("campaign_id", "ad_group_id", "ad_id", "ad_date")


def with_rests(terms: list[Row], ads: list[Row]) -> tuple[list[Row], list[SetAside]]:
    """The terms that can land, a row of each ad and day for the rest, and what does not fit."""
    named = [row for row in terms if _can_land(row["search_term"])]
    listed = {_key(row) for row in ads}
    sums: dict[tuple[Any, ...], dict[str, Decimal]] = {}
    for row in named:
        _add(sums.setdefault(_key(row), dict.fromkeys(FIGURES, Decimal(0))), row)
    aside: list[SetAside] = []
    # A term of an ad that no report of ads lists stays what it is, without its words.
    rests = [
        {**row, "search_term": None}
        for row in terms
        if not _can_land(row["search_term"]) and _key(row) not in listed
    ]
    for ad in ads:
        left = {
            name: _number(ad[name]) - sums.get(_key(ad), {}).get(name, Decimal(0))
            for name in FIGURES
        }
        if any(value < -ROUNDING * len(terms) for value in left.values()):
            aside.append(_too_many(ad))
        elif any(value > 0 for value in left.values()):
            rests.append({**ad, "search_term": None, **{n: _landed(n, v) for n, v in left.items()}})
    return [*named, *_as_one(rests)], aside


def totals(rows: list[Row]) -> dict[str, Decimal]:
    """The sums of what is landed, by the names of the control totals."""
    return {
        f"sum:{name}": sum((_number(row[name]) for row in rows), Decimal(0)) for name in FIGURES
    }


def _as_one(rests: list[Row]) -> list[Row]:
    """One row of an ad and day, however many terms of it cannot land."""
    found: dict[tuple[Any, ...], Row] = {}
    for row in rests:
        if (known := found.get(_key(row))) is None:
            found[_key(row)] = row
        else:
            for name in FIGURES:
                known[name] = _landed(name, _number(known[name]) + _number(row[name]))
    return list(found.values())


def _can_land(term: object) -> bool:
    return isinstance(term, str) and bool(term.strip()) and not contacts.is_typed(term)


def _key(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in _AD)


def _add(sums: dict[str, Decimal], row: Row) -> None:
    for name in FIGURES:
        sums[name] += _number(row[name])


def _number(value: Any) -> Decimal:
    """A figure; nothing where it is none, as intake then sets the row aside."""
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        return Decimal(0)
    return number if number.is_finite() else Decimal(0)


def _landed(name: str, value: Decimal) -> int | Decimal:
    value = max(value, Decimal(0))
    return int(value) if name in ("impressions", "clicks") else value


def _too_many(ad: Row) -> SetAside:
    return SetAside(
        position=f"the rest of ad {ad['ad_id']}",
        reason="the search terms of an ad come to more than the ad itself: what Google keeps to"
        " itself is not known",
        content="",
        kind="conflict",
        is_lost=False,
    )
