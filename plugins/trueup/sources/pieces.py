"""A question that is too much, or fails for a reason nobody knows, asked in smaller pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from trueup.errors import TrueupError, UnknownRefusal
from trueup.sources.bounds import LostPage, TooMuch
from trueup.sources.contract import Absent, Page
from trueup.window import Window

Part = TypeVar("Part")
Answer = TypeVar("Answer")

#: The days that may fail before a window is given up: more are no fault of theirs.
MOST_FAILED_DAYS = 3
#: Pieces that may be refused before the first answer; then the vendor answers none.
MOST_REFUSED = 8


def asked(
    whole: Part,
    ask: Callable[[Part], list[Page]],
    halves: Callable[[Part], list[Part]],
    tell: Callable[[Part, TrueupError], Page],
    errors: tuple[type[TrueupError], ...],
    most_failed: int,
) -> Iterator[Page]:
    """What `ask` gives of `whole`, in as few pieces as it takes, where it fails with one of
    `errors`. What is too much is halved at once; after an error nobody knows the larger pieces
    come first, so that a vendor who answers none is soon given up. Pieces without halves that
    fail, if they are few, are reported at the end."""
    pending = [whole]
    is_answered = False
    refused = 0
    failed: list[tuple[Part, TrueupError]] = []
    while pending:
        part = pending.pop(0)
        try:
            pages = once_more(ask, part)
        except errors as error:
            smaller = halves(part)
            if isinstance(error, TooMuch):
                pending = [*smaller, *pending]
            else:
                pending += smaller
                refused += 1
            if not smaller:
                failed.append((part, error))
            is_hopeless = not is_answered and (refused > MOST_REFUSED or not pending)
            if is_hopeless or len(failed) > most_failed:
                raise
        else:
            is_answered = is_answered or bool(pages)
            yield from pages
    if failed and not is_answered:
        raise failed[0][1]
    for part, why in failed:
        yield tell(part, why)


def once_more(ask: Callable[[Part], Answer], part: Part) -> Answer:
    """What `ask` gives of `part`, at the second try where a page of it was lost or came twice."""
    try:
        return ask(part)
    except LostPage:
        return ask(part)


def by_days(window: Window, ask: Callable[[Window], list[Page]]) -> Iterator[Page]:
    """What `ask` gives of `window`; a day that nothing can be had of stays open."""
    errors = (TooMuch, UnknownRefusal)
    return asked(window, ask, _half_the_days, _stays_open, errors, MOST_FAILED_DAYS)


def _half_the_days(part: Window) -> list[Window]:
    days = (part.until - part.since).days
    return list(part.split((days + 1) // 2)) if days > 1 else []


def _stays_open(day: Window, error: TrueupError) -> Absent:
    return Absent(day, f"{day.since} stays open: {error.problem}", "gap")
