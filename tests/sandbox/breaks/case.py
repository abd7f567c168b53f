"""What every kind of break is made with: the case asked for, and what comes of it.

A break acts where it would in life: on what the world does, from a day on and for a segment, or on
how a vendor answers. Each vendor then shows it in its own way, and what somebody set stands in the
vendor's settings from the day's first second.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sandbox.desk import Desk
from sandbox.world.containers import WEB
from sandbox.world.cuts import CUTS
from sandbox.world.dated import Change, Where
from sandbox.world.deeds import Deed, State
from sandbox.world.parameters import Parameters

LEVELS = Parameters()
InWords = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Order:
    """A fault that a vendor's desk deals to whoever asks from the break's first day on."""

    vendor: str
    fault: str
    times: int = 1

    def place(self, desk: Desk) -> None:
        desk.order_fault(self.vendor, self.fault, self.times)


@dataclass(frozen=True)
class Break:
    """One break: `changes` and `deeds` are the world's (`generate`), `orders` the vendors'."""

    number: int
    family: str
    day: date
    until: date | None
    changes: tuple[Change, ...] = ()
    deeds: tuple[Deed, ...] = ()
    orders: tuple[Order, ...] = ()


@dataclass(frozen=True)
class Case:
    """Which break is wanted: from `day` on, until `until` or for good, in a segment or everywhere.

    `strength` is the share, 0 to 1, of what the break could take that it takes. `segment` is in the
    words of `Change.where`.
    """

    day: date
    until: date | None = None
    strength: float = 1.0
    segment: Where = field(default_factory=dict)

    def more(self, parameter: str, **where: Any) -> tuple[Change, ...]:
        """A share that rises by `strength` of what it lacks to one."""
        level = float(getattr(LEVELS, parameter))
        return self.set(parameter, level + self.strength * (1 - level), **where)

    def less(self, parameter: str, by: float = 1.0, **where: Any) -> tuple[Change, ...]:
        """What falls by `strength` of itself, where `by` is 1."""
        level = float(getattr(LEVELS, parameter))
        return self.set(parameter, level * (1 - self.strength * by), **where)

    def set(self, parameter: str, value: float, **where: Any) -> tuple[Change, ...]:
        """The value where the segment and `where` both hold; none where they exclude each other."""
        cuts = CUTS[parameter]
        if any(self.segment.get(key, value) != value for key, value in where.items()):
            return ()
        unknown = [
            key for key in self.segment
            if key not in cuts and not (key == "region" and "country" in cuts)
        ]  # fmt: skip
        if unknown:
            raise ValueError(f"{parameter} cannot be broken by {', '.join(unknown)}")
        both = {**self.segment, **where}
        return (Change(parameter, self.day, self.until, both, value=value),)

    def only(self, *changes: Callable[[], tuple[Change, ...]]) -> tuple[Change, ...]:
        """Of what follows from a break, the changes that can be said of the segment."""
        found: list[Change] = []
        for change in changes:
            try:
                found += change()
            except ValueError:
                continue
        return tuple(found)

    def set_in(
        self,
        system: str,
        account_id: str,
        make: Callable[[State], None],
        undo: Callable[[State], None],
        words: InWords,
        undo_words: InWords,
        name: str = "",
    ) -> tuple[Deed, ...]:
        """Somebody sets something on the day, and sets it back when the break ends."""
        first = Deed(system, account_id, _opening_of(self.day), make, words, name)
        if self.until is None:
            return (first,)
        back = Deed(system, account_id, _opening_of(self.until), undo, undo_words, f"Undo: {name}")
        return (first, back)

    def publish(
        self,
        name: str,
        make: Callable[[State], None],
        undo: Callable[[State], None],
        words: InWords,
        undo_words: InWords,
        container: str = WEB,
    ) -> tuple[Deed, ...]:
        """A version of a tag container, and another that takes it back."""
        return self.set_in("gtm", container, make, undo, words, undo_words, name)


def at_once(*makes: Callable[[State], None]) -> Callable[[State], None]:
    def make(state: State) -> None:
        for one in makes:
            one(state)

    return make


def _opening_of(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time())


def together(breaks: Sequence[Break]) -> Mapping[str, Any]:
    """What `generate` is called with, for all of them at once."""
    return {
        "changes": tuple(change for one in breaks for change in one.changes),
        "deeds": tuple(deed for one in breaks for deed in one.deeds),
    }
