"""A question that is too much, or fails for a reason nobody knows, asked of fewer days at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from trueup.errors import UnknownRefusal
from trueup.sources.bounds import TooMuch
from trueup.sources.contract import Absent, Page
from trueup.window import Window

#: Days that may stay open before the window itself is given up: more are no fault of a day's.
MOST_OPEN_DAYS = 3


def by_halves(window: Window, ask: Callable[[Window], list[Page]]) -> Iterator[Page]:
    """What `ask` gives of `window`, in as few pieces as it takes. A day that nothing can be had of
    is told as absent once others have come; where none has, its error is raised."""
    pending = [window]
    is_answered = False
    failed: list[tuple[Window, TooMuch | UnknownRefusal]] = []
    while pending:
        part = pending.pop(0)
        try:
            pages = ask(part)
        except (TooMuch, UnknownRefusal) as error:
            days = (part.until - part.since).days
            if days > 1:
                pending = [*part.split((days + 1) // 2), *pending]
                continue
            failed.append((part, error))
            if part == window or len(failed) > MOST_OPEN_DAYS:
                raise
        else:
            is_answered = True
            yield from pages
    if failed and not is_answered:
        raise failed[0][1]
    for part, error in failed:
        yield Absent(part, f"{part.since} stays open: {error.problem}", "gap")
