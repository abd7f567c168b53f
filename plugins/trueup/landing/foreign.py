"""Exceptions that are none of ours, reported with a place and a next step.

Their own text may hold a row's values or a piece of a vendor's answer, so none of it is passed on:
what is reported is their kind and where in our code it happened.
"""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any

from trueup.errors import TrueupError, of_machine
from trueup.window import Window

_SOURCES = f"{Path('trueup', 'sources')}/"


class Unexpected(TrueupError):
    """Something failed that nobody here foresaw; it may pass."""

    permanent = False


def of(
    error: Exception, source: str, stream: str, account: str, window: Window | None
) -> TrueupError:
    """`error` itself where it is ours, else what is reported in its place."""
    if isinstance(error, TrueupError):
        return error
    place: dict[str, Any] = {
        "source": source,
        "stream": stream,
        "account": account,
        "window": window or "",
    }
    if trouble := of_machine(error, "landing stopped, and nothing of the load is used", **place):
        return trouble
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1]
    kind = type(error).__name__
    got = f"{kind} at {last.name}, line {last.lineno} of {last.filename.rpartition('/')[2]}"
    ours = [frame for frame in frames if "/trueup/" in frame.filename]
    if (
        ours
        and _SOURCES in ours[-1].filename
        and isinstance(error, LookupError | TypeError | AttributeError)
    ):
        return Unexpected(
            "the vendor's answer is not made as its module reads it",
            **place,
            got=got,
            next_step=f"run it again; if it repeats, compare with the vendor's changelog and change"
            f" sources/{source}",
        )
    return Unexpected(
        f"unexpected {kind}",
        **place,
        got=got,
        next_step="run it again; if it repeats, tell the maintainers",
    )
