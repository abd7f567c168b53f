"""What helps where no row of a feed can be used, by the form of what its values look like."""

from __future__ import annotations

import re

_OF_TIME = "(DATE|TIMESTAMPTZ): like "
_OF_NUMBER = r"(DECIMAL\(18,6\)|BIGINT): like "
#: The form in a reason, as `casts.LIKE` makes it, and what a select does of it.
_HINTS = (
    (
        rf"{_OF_TIME}'9(\.9)?'$",
        ": a number alone may count a spreadsheet's days, date '1899-12-30' + day::integer, or"
        " seconds, to_timestamp(day::bigint), or be 20260901, try_strptime(day, '%Y%m%d')",
    ),
    (
        rf"{_OF_TIME}'9([-/. ]9){{2}},? 9:9(:9(\.9)?)? ?a",
        ": letters behind a time mean several zones, so let the select put the offset there, or"
        " are halves of the day, try_strptime(name, '%Y-%m-%d %I:%M %p')",
    ),
    (
        rf"{_OF_TIME}'.*a",
        ": a month by its name is %b or %B, as in try_strptime(name, '%b %d, %Y'), in English",
    ),
    (_OF_TIME, ", as with try_strptime(name, '%d/%m/%Y %H:%M')"),
    (
        rf"{_OF_NUMBER}'.*[^9.'-]",
        ": signs of currencies, thousands and decimal commas are taken out by the macros"
        " english_number and continental_number of docs/files.md",
    ),
)


def of(reason: str) -> str:
    """What to do in the select, to be added to a sentence that says to correct it; nothing where
    the reason says it all."""
    return next((hint for form, hint in _HINTS if re.search(form, reason)), "")
