"""What came of sending an event, by the answer the log holds: taken, refused and why, or unknown.

Meta takes a whole request or none of it and says how many events it received. Google's Data Manager
answers that it has taken a request, and judges its events later: those are `received`, until its
own verdict is read. An answer that is a fault of the server's says nothing of whether the events
arrived. Every code that is documented or was met stands in `rejections.csv` with its address.
"""

from __future__ import annotations

import csv
import errno
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from trueup.sources.conversions_api.streams import GOOGLE

TABLE = Path(__file__).with_name("rejections.csv")
ACCEPTED, RECEIVED, REJECTED, UNKNOWN = "accepted", "received", "rejected", "unknown"
#: Words a sender's own log may use for what came of it.
WORDS = {
    "accepted": ACCEPTED, "success": ACCEPTED, "succeeded": ACCEPTED, "ok": ACCEPTED,
    "delivered": ACCEPTED, "received": RECEIVED, "rejected": REJECTED, "failed": REJECTED,
    "failure": REJECTED, "error": REJECTED, "invalid": REJECTED, "unknown": UNKNOWN,
    "timeout": UNKNOWN, "pending": UNKNOWN,
}  # fmt: skip
#: What a sender's own machine says where no answer came, by the names of the system and of Node.
NO_ANSWER = frozenset(errno.errorcode.values()) | {"EAI_AGAIN", "ENOTFOUND", "ERR_NETWORK"}
NO_ERROR = frozenset({"", "0", "ok", "none", "null"})


@dataclass(frozen=True)
class Rejection:
    """One code of a destination's: whether sending the event again can help, and what it means."""

    destination: str
    code: str
    subcode: str
    sort: str
    reason: str
    address: str


@dataclass(frozen=True)
class Answer:
    """What a log says came back. `events` is how many the request held."""

    destination: str
    status: int | None
    code: str | None = None
    subcode: str | None = None
    received: int | None = None
    events: int = 1
    stated: str | None = None
    is_final: bool = False


@cache
def table() -> tuple[Rejection, ...]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return tuple(Rejection(**row) for row in csv.DictReader(lines))


def known(destination: str, code: str | None, subcode: str | None) -> Rejection | None:
    """What the table says of the code: with its subcode, else of the code alone."""
    of_code = [row for row in table() if row.destination == destination and row.code == code]
    exact = [row for row in of_code if subcode and row.subcode == subcode]
    return next(iter(exact or [row for row in of_code if not row.subcode]), None)


def reason_of(destination: str, code: str | None, subcode: str | None = None) -> str | None:
    """The code in words; null where nobody here knows it."""
    found = known(destination, code, subcode)
    return found.reason if found else None


def is_refusal(word: str | None) -> bool:
    """Whether a word a destination says of an event means that it did not take it."""
    return WORDS.get((word or "").lower()) == REJECTED


def of(answer: Answer) -> str:
    """What came of the events of the request."""
    if answer.stated in WORDS:
        return WORDS[answer.stated]
    if (answer.code or "").lower() not in NO_ERROR:
        return _of_error(answer)
    if answer.status is None:
        return _of_count(answer) if answer.received is not None else UNKNOWN
    if 200 <= answer.status < 300:
        return _of_success(answer)
    # Where the server itself failed or the time ran out, the events may have arrived.
    return UNKNOWN if answer.status >= 500 or answer.status in (0, 408) else REJECTED


def _of_error(answer: Answer) -> str:
    found = known(answer.destination, answer.code, answer.subcode)
    if found is None and ((answer.status or 0) >= 500 or answer.code in NO_ANSWER):
        return UNKNOWN
    return UNKNOWN if found and found.sort == "unknown" else REJECTED


def _of_success(answer: Answer) -> str:
    if answer.received is not None:
        return _of_count(answer)
    if answer.destination == GOOGLE and not answer.is_final:
        return RECEIVED
    return ACCEPTED


def _of_count(answer: Answer) -> str:
    """By how many of the request's events were received: of some of them nobody knows which."""
    received = answer.received or 0
    if received >= answer.events:
        return ACCEPTED
    return UNKNOWN if received else REJECTED
