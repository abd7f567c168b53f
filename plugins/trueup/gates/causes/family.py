"""The form in which causes are written down: which signals move, which stay, what was changed."""

from __future__ import annotations

import re
from dataclasses import dataclass

FALLS, RISES, EITHER = -1, 1, 0
#: The same way as the key signal, or the other way.
WITH_KEY, AGAINST_KEY = 2, -2
#: Every signal of a system: what a source that does not deliver may move.
ANY_SIGNAL = "*"
#: A change of the configuration, a source that is late, days that a source lacks, as signals.
CONFIGURATION, LATE, MISSING = "(configuration)", "(late)", "(missing days)"
#: A platform that claimed by several windows does so by one of them no more.
WINDOW_LOST = "(window lost)"
#: What no family explains.
UNEXPLAINED = "unexplained"


@dataclass(frozen=True)
class Move:
    """A signal that leaves its range in a `direction`.

    `dimensions` are those it must show in, where that distinguishes the family from others, and
    `segment` a regular expression of the whole of its segment;
    `at_least` and `at_most` bound the level since onset as a share of what was expected; `is_slow`
    is whether it took weeks, null where that does not matter. `is_anywhere`: also signals of
    another system than the key's. `is_turned`: only a profile by the hour that is the usual one at
    other hours.
    """

    signal: str
    direction: int = EITHER
    dimensions: tuple[str, ...] = ()
    at_least: float = 0.0
    at_most: float = float("inf")
    is_slow: bool | None = None
    is_anywhere: bool = False
    segment: str = ".*"
    is_turned: bool = False


@dataclass(frozen=True)
class Setting:
    """Changes of a configuration that bring a cause about: regular expressions of the hop, the
    kind of object, the setting, the new value and the change in words, each of the whole."""

    hop: str = ".*"
    object_type: str = ".*"
    name: str = ".*"
    value: str = ".*"
    words: str = ".*"

    def matches(self, hop: str, object_type: str, name: str, value: str, words: str) -> bool:
        pairs = (
            (self.hop, hop), (self.object_type, object_type), (self.name, name),
            (self.value, value), (self.words, words),
        )  # fmt: skip
        return all(re.fullmatch(pattern, text, re.DOTALL) for pattern, text in pairs)


@dataclass(frozen=True)
class Family:
    """A kind of cause.

    `keys` are alternatives, of each of which every move must be there, CONFIGURATION standing for
    a change by one of the `settings` shortly before; `also` may be there and is
    then of the same cause; `normal` must not be there, which tells families apart. `settings` bring
    it about. `confirm` is a query on the build. `may_page` is false where nobody needs to get up.
    `spares_ledger` where what was sold and who brought it is right all the while.
    """

    number: int
    name: str
    what: str
    hop: str
    owner: str
    confirm: str
    keys: tuple[tuple[Move, ...], ...] = ()
    also: tuple[Move, ...] = ()
    normal: tuple[Move, ...] = ()
    settings: tuple[Setting, ...] = ()
    may_page: bool = True
    spares_ledger: bool = False

    @property
    def runbook(self) -> str:
        return f"docs/runbook.md#{self.name.replace('_', '-')}"


def moves(names: str, direction: int = EITHER, *, is_anywhere: bool = True) -> tuple[Move, ...]:
    """Moves of several signals, named with spaces between them."""
    return tuple(Move(name, direction, is_anywhere=is_anywhere) for name in names.split())


def signal_days(*signals: str) -> str:
    """A query of the newest days of signals, in all and by segment: of each day first what is out
    of range, and of that what lost most."""
    named = ", ".join(f"'{signal}'" for signal in signals)
    return (
        "select signal, dimension, segment, signal_date, numerator, denominator, observed,"
        " expected_low, expected_high, is_breach from health.fct_tracking_signals"
        f" where signal in ({named}) order by signal_date desc, is_breach desc,"
        " observed / nullif(expected, 0), signal, segment limit 60"
    )


def setting_changes(condition: str) -> str:
    """A query of the newest changes of a configuration of which the condition holds."""
    return (
        "select observed_at, last_seen_before_at, source, account_id, change, goals"
        f" from health.fct_config_changes where {condition} order by observed_at desc limit 20"
    )
