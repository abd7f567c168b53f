"""What stands around an answer in a log line, opened: each layer by itself, and the errors in them.

A sender that passes events on for others keeps the destination's answer within its own, and a
client of HTTP within its error, as an object or as the text of one, more than once.
"""

from __future__ import annotations

from typing import Any

from trueup.sources.conversions_api import single_values
from trueup.sources.conversions_api.single_values import Line

#: Where a line keeps an answer, and where an answer keeps a further one.
OF_LINE = (
    "response", "response_body", "answer", "destinationResponse", "destination_response",
    "error_response", "output", "error",
)  # fmt: skip
OF_ANSWER = (*OF_LINE, "errors", "body", "data", "result")
ERRORS = ("error", "errors")
#: No sender wraps an answer more often; what is deeper is no answer.
DEEPEST = 8


def opened(line: Line) -> tuple[list[Line], list[Line]]:
    """The layers of an answer, the innermost first and the line itself last; and its errors, which
    are no layers, likewise."""
    layers: list[Line] = [line]
    errors: list[Line] = []
    found = _held(line, OF_LINE)
    for _ in range(DEEPEST):
        layers += [held for name, held in found if name not in ERRORS]
        errors += [held for name, held in found if name in ERRORS]
        found = [one for _, held in found for one in _held(held, OF_ANSWER)]
    return layers[::-1], errors[::-1]


def _held(part: Line, names: tuple[str, ...]) -> list[tuple[str, dict[str, Any]]]:
    """What a part holds under names of answers, in objects. Of a list its first, as Google's
    answers of many parts are lists of one."""
    held = [(name, single_values.listed(part.get(name))[:1]) for name in names]
    return [(name, one) for name, found in held for one in found]
