"""What receivers are given, and how they say that nobody heard."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from trueup.alerts.incidents import Event, Incident


@dataclass(frozen=True)
class Message:
    """What a person reads (`title` in one line, `text` whole) and, for machines, the incidents it
    speaks of, each with its own event; `event` is theirs, or that of the first of a digest.

    `id` is the same for every try of the message. `thread` is what the receiver called the
    first message of this thread; empty for the first. `key` names the thread by itself: the
    company and the cause, or the digest's first cause. `is_last` says that all the thread is about
    is over.
    """

    id: str
    company: str
    event: Event
    title: str
    text: str
    incidents: Sequence[Incident]
    events: Sequence[Event]
    at: datetime
    key: str = ""
    thread: str = ""
    is_last: bool = True
    runbook: str = ""
    command: str = ""


class NotHeard(OSError):
    """Nobody has heard, or nobody knows. The text never holds an address, a token or an answer.

    `is_certain`: the receiver said no, or was not reached; otherwise the answer was lost.
    `is_final`: it will never take this message. `retry_after` is in seconds, as it asked. `answer`
    is what it said, for the receiver's own module alone.
    """

    def __init__(
        self,
        why: str,
        *,
        is_certain: bool = True,
        is_final: bool = False,
        retry_after: float | None = None,
        answer: bytes = b"",
    ) -> None:
        super().__init__(why)
        self.is_certain = is_certain
        self.is_final = is_final
        self.retry_after = retry_after
        self.answer = answer


class PartlyHeard(NotHeard):
    """Some have heard, under `reference`, and to the others it will not be said again."""

    def __init__(self, why: str, reference: str) -> None:
        super().__init__(why, is_final=True)
        self.reference = reference


class Receiver(Protocol):
    """Takes messages to a person.

    `gathers`: all that begins, or ends, in one run is one message to it. To any other a cause is
    a thread of its own, and a burst of them one digest.
    """

    @property
    def gathers(self) -> bool: ...

    def send(self, message: Message) -> str:
        """Gives what the receiver calls the message, for those that follow in its thread. Raises
        NotHeard."""


@runtime_checkable
class Reminded(Protocol):
    """A receiver that forgets an incident that is not sent to it again."""

    def tell_again(self, company: str, incidents: Sequence[Incident], at: datetime) -> None:
        """Raises NotHeard."""


def inert(text: str, *, keep: str = "\n") -> str:
    """`text` without what a terminal, a header or a chat would obey: control characters, changes
    of direction, and other letters nobody can see."""
    return "".join(
        letter if letter in keep or unicodedata.category(letter)[0] not in "CZ" or letter == " "
        else " "
        for letter in text
    )  # fmt: skip


#: Room for the line that says what was left out.
LONGEST_REST = 80


def cut(text: str, most: int) -> str:
    """`text` of at most so many letters, cut between two words where it has some, with a sign that
    there was more."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    is_within_word = not kept[-1:].isspace() and not text[most - 1].isspace()
    if is_within_word and len(words := kept.rsplit(maxsplit=1)) > 1:
        kept = words[0] if 2 * len(words[0]) > most else kept
    return f"{kept.rstrip()}…"


def cut_lines(text: str, most: int) -> str:
    """`text` of at most so many letters: whole lines, the last of which says how many are not
    here and where they are. The worst comes first in a message, so that it stays."""
    if len(text) <= most:
        return text
    lines = text.split("\n")
    kept = list(lines)
    while len(kept) > 1 and len("\n".join(kept)) > most - LONGEST_REST:
        kept.pop()
    rest = f"({len(lines) - len(kept)} more lines: `trueup incidents` lists all of it)"
    return f"{cut(chr(10).join(kept), most - LONGEST_REST)}\n{rest}"
