"""What is landed of a question's answers: the rows Google shows, and the rests it withholds.

A coarser answer has everything, a finer one what Google shows of it: the difference is what it
withholds, per page and day. Where the finer one has more, no rest is known, and that is reported.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from trueup.sources import contacts
from trueup.sources.contract import SetAside
from trueup.sources.search_console.rows import (
    FIGURES,
    NOTHING,
    Answer,
    Figures,
    Key,
    Raw,
    day_of,
    is_below_zero,
    plain,
)


@dataclass
class RowsAndRests:
    """Rows to land and to set aside. `is_doubtful`: asked again, the answers may fit."""

    rows: list[Raw] = field(default_factory=list)
    aside: list[SetAside] = field(default_factory=list)
    is_doubtful: bool = False
    counted: Figures = NOTHING
    #: Whether a row's figures are none, so that nobody can say what all of them come to.
    is_uncertain: bool = False

    def add(self, answer: Answer, key: Key, figures: Figures, **own: object) -> None:
        extra = answer.extra.get(key, {})
        self.rows.append({**extra, **answer.day_columns(key), **own, **figures.columns()})
        self.counted = self.counted + figures

    def pass_on(self, answer: Answer, key: Key, raw: Raw, **own: object) -> None:
        """A row whose figures are none: intake judges it, and says what is wrong with it."""
        given = {name: plain(raw[name]) for name in FIGURES if name in raw}
        self.is_uncertain = True
        self.rows.append({**answer.day_columns(key), **own, **given})

    def sum_of(self, name: str) -> int:
        return int(getattr(self.counted, name))


def rows_and_rests(days: Answer, pages: Answer, fine: Answer) -> RowsAndRests:
    """The rows of the finest answer and the rests beside them."""
    found = RowsAndRests(is_doubtful=any(one.is_twice for one in (days, pages, fine)))
    found.aside += [one for answer in (fine, pages, days) for one in answer.aside]
    named = {key: figures for key, figures in fine.figures.items() if _can_land(key[2])}
    for key, figures in named.items():
        found.add(fine, key, figures, page=key[1], query=key[2], is_anonymised=False)
    for key, raw in fine.odd:
        if is_below_zero(raw):
            found.aside.append(_below_zero(key))
            found.is_uncertain = True
            continue
        query = key[2] if _can_land(key[2]) else None
        found.pass_on(fine, key, raw, page=key[1], query=query, is_anonymised=query is None)
    found.aside += [_no_total(key) for answer in (pages, days) for key, _ in answer.odd]
    if len(fine.odd) > len(fine.figures):
        return found  # a column that is another than declared: rests would only hide it
    of_pages = {**_added_up(fine.figures.items(), 2), **pages.figures}
    for key, left in _rests(of_pages, named):
        _add_rest(found, days, key, left, page=key[1])
    of_days = {**_added_up(of_pages.items(), 1), **days.figures}
    for key, left in _rests(of_days, of_pages):
        _add_rest(found, days, key, left, page=None)
    return found


def _can_land(query: str) -> bool:
    """Whether a query can be landed: Google itself leaves an empty one where it withholds it."""
    return bool(query.strip()) and not contacts.is_typed(query)


def _added_up(parts: Iterable[tuple[Key, Figures]], length: int) -> dict[Key, Figures]:
    sums: dict[Key, Figures] = {}
    for key, figures in parts:
        sums[key[:length]] = sums.get(key[:length], NOTHING) + figures
    return sums


def _rests(whole: dict[Key, Figures], parts: dict[Key, Figures]) -> Iterable[tuple[Key, Figures]]:
    """What each key of `whole` has beyond the keys of `parts` that begin with it."""
    length = len(next(iter(whole), ()))
    sums = _added_up(parts.items(), length)
    for key, figures in whole.items():
        left = figures.minus(sums.get(key, NOTHING))
        if left.impressions or left.clicks:
            yield key, left


def _add_rest(found: RowsAndRests, days: Answer, key: Key, left: Figures, page: str | None) -> None:
    if left.is_negative:
        found.is_doubtful = True
        found.aside.append(_too_many(key, left))
    else:
        found.add(days, (key[0],), left, page=page, query=None, is_anonymised=True)


def _too_many(key: Key, left: Figures) -> SetAside:
    what = "page" if len(key) > 1 else "day"
    return SetAside(
        position=f"the rest of a {what}",
        reason=f"the rows of a {what} come to more than Google states for it, by"
        f" {max(-left.clicks, 0)} clicks and {max(-left.impressions, 0)} impressions: what it keeps"
        " to itself is not known",
        content="",
        day=day_of(key),
        kind="conflict",
        is_lost=False,
    )


def _below_zero(key: Key) -> SetAside:
    return SetAside(
        position="a row of a query",
        reason="a count below zero: what it stands for is in the rest of its page",
        content="",
        day=day_of(key),
    )


def _no_total(key: Key) -> SetAside:
    what = "page" if len(key) > 1 else "day"
    return SetAside(
        position=f"the total of a {what}",
        reason=f"Google's total of a {what} is no number: what it keeps to itself is not known",
        content="",
        day=day_of(key),
    )
