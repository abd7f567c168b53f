"""Which causes explain what is out of order: the fewest that explain all of it.

The cause that explains most signals takes them, and what is left over is explained again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from trueup.gates.causes.changed_settings import in_time, is_setting, specific
from trueup.gates.causes.evidence import Change, Episode
from trueup.gates.causes.families import FAMILIES, NO_FAMILY
from trueup.gates.causes.family import (
    AGAINST_KEY,
    ANY_SIGNAL,
    CONFIGURATION,
    LATE,
    MISSING,
    WINDOW_LOST,
    WITH_KEY,
    Family,
    Move,
)
from trueup.gates.causes.turned import HOUR

#: A consequence may be dated this much earlier or later than its cause, as onsets are estimates.
EARLIER, LATER = timedelta(days=6), timedelta(days=10)
#: What is rare is dated worse: so much earlier where it was found after its cause had begun.
FOUND_SINCE = timedelta(days=14)
#: What the business itself moves, or follows from ratios that are judged a month sooner, beside
#: shares of one whole.
CONTEXT = frozenset({
    "orders_per_session", "engaged_share", "checkout_rate", "gap_cause_share", WINDOW_LOST,
})  # fmt: skip
#: Of one count, and so no second witness.
SAME_COUNT = {
    "claim_amount_ratio": "claim_ratio", "claims_at_age": "claim_ratio",
    "event_value_filled": "event_value_agrees", "event_currency_agrees": "event_value_agrees",
    "default_channel_differs": "session_source_differs",
}  # fmt: skip


@dataclass(frozen=True)
class Explanation:
    """A family, the system whose doing it is, and what it explains: `keys` are the episodes of
    the signal it goes by, empty where a changed setting is all there is."""

    family: Family
    system: str
    keys: tuple[Episode, ...]
    explained: tuple[Episode, ...]
    number_of_keys: int = 0

    @property
    def signals(self) -> set[str]:
        """Independent signals that moved."""
        return {SAME_COUNT.get(x.signal, x.signal) for x in self.explained if not is_setting(x)}

    @property
    def lead(self) -> Episode:
        """What it goes by."""
        return _lead(self.keys or self.explained)

    @property
    def onset(self) -> date:
        return self.lead.onset

    @property
    def has_setting(self) -> bool:
        """Whether a change of the kind that brings it about is among what it explains."""
        return any(x.change and specific(self.family, x.change) for x in self.explained)


def explain(left: Iterable[Episode], changes: Sequence[Change]) -> list[Explanation]:
    """Causes that between them explain every one of the episodes, but for what is no cause for
    concern by itself. `changes` are those of any
    settings that were known by then."""
    episodes, found = list(left), []
    while episodes:
        candidates = [
            fit for family in FAMILIES for fit in _fits(family, episodes, changes)
        ] or list(_unexplained(episodes))
        if not candidates:
            break
        best = max(candidates, key=lambda fit: _rank(fit, changes))
        found.append(best)
        taken = {x.key for x in best.explained}
        episodes = [x for x in episodes if x.key not in taken]
    return found


def is_of(change: Change, explanation: Explanation) -> bool:
    """Whether a change was made in a system that the explanation speaks of."""
    spoken_of = {explanation.system}
    spoken_of |= {x.system for x in explanation.explained}
    spoken_of |= {x.segment for x in explanation.explained if x.dimension == "platform"}
    return change.source in spoken_of


def _rank(fit: Explanation, changes: Sequence[Change]) -> tuple[int, int, int, int]:
    """More signals explained, then a setting that says so, then more that was asked for."""
    return (
        len({(x.signal, x.system) for x in fit.explained if not is_setting(x)}),
        _backing(fit, changes),
        fit.number_of_keys,
        -fit.family.number,
    )


def _fits(
    family: Family, left: Sequence[Episode], changes: Sequence[Change]
) -> Iterator[Explanation]:
    present = {x.signal for x in left}
    for alternative in family.keys:
        if not present.issuperset(x.signal for x in alternative if x.signal != CONFIGURATION):
            continue
        anchors = [x for x in left if _moves(x, alternative[0], x)]
        for system in sorted({x.system for x in anchors}):
            keys = _of_one_onset([x for x in anchors if x.system == system])
            signals = [move for move in alternative if move.signal != CONFIGURATION]
            fit = _fit(family, signals, keys, left)
            if fit and (signals == list(alternative) or _backing(fit, changes)):
                yield fit
    settings = [x for x in left if x.change and specific(family, x.change)]
    for system in sorted({x.system for x in settings}):
        yield Explanation(family, system, (), tuple(x for x in settings if x.system == system))


def _of_one_onset(anchors: Sequence[Episode]) -> list[Episode]:
    """Those that began with the one that most was counted of: what was broken long ago, or breaks
    later, is a cause of its own."""
    lead = _lead(anchors)
    return [x for x in anchors if _began_with(x, lead)]


def _began_with(episode: Episode, key: Episode) -> bool:
    earlier = FOUND_SINCE if episode.opened >= key.onset else EARLIER
    return key.onset - earlier <= episode.onset <= key.onset + LATER


def _lead(episodes: Sequence[Episode]) -> Episode:
    return max(episodes, key=lambda x: (x.is_whole, x.missing))


def _fit(
    family: Family, alternative: Sequence[Move], keys: list[Episode], left: Sequence[Episode]
) -> Explanation | None:
    key = _lead(keys)
    others = [
        [x for x in left if _moves(x, move, key) and _began_with(x, key)]
        for move in alternative[1:]
    ]
    if not all(others):
        return None
    near = [x for x in left if _began_with(x, key)]
    if any(
        _moves(x, move, key)
        for move in family.normal
        for x in near
        if x.is_whole or not key.is_whole
    ):
        return None
    present = {x.signal for x in left}
    moves = [x for x in (*family.also, *alternative) if x.signal in present | {ANY_SIGNAL}]
    explained = {x.key: x for x in [*keys, *(x for found in others for x in found)]}
    for episode in left:
        if is_setting(episode):
            change = episode.change
            if change and specific(family, change) and in_time(change, key.onset):
                explained[episode.key] = episode
        elif _began_with(episode, key) and (
            _is_part(episode, key, alternative[0])
            or any(_moves(episode, move, key) for move in moves)
        ):
            explained[episode.key] = episode
    return Explanation(
        family, key.system, tuple(keys), tuple(explained.values()), _asked_for(alternative)
    )


def _is_context(episode: Episode) -> bool:
    """Whether the episode may tell causes apart and is none by itself: who visits, and how many of
    them buy, moves with budgets, seasons and offers. Hours of a day do not: where some are missing,
    part of the day may be."""
    if episode.dimension == HOUR:
        return False
    return episode.kind == "mix" or episode.signal in CONTEXT


def _is_part(episode: Episode, key: Episode, asked: Move) -> bool:
    """Whether it is a segment of the key signal, of those asked for, that moves the same way."""
    return (episode.signal, episode.system, episode.direction) == (
        key.signal, key.system, key.direction,
    ) and bool(re.fullmatch(asked.segment, episode.segment))  # fmt: skip


def _asked_for(alternative: Sequence[Move]) -> int:
    """How much the family asks of what it goes by; one that asks for more says more."""
    narrow = sum(
        bool(move.dimensions) + (move.at_least > 0) + (move.at_most != float("inf"))
        + (move.is_slow is not None) + (move.direction != 0)
        for move in alternative
    )  # fmt: skip
    return 10 * len(alternative) + narrow


def _moves(episode: Episode, move: Move, key: Episode) -> bool:
    """Whether the episode is the move, of a family that goes by `key`."""
    if move.signal not in (episode.signal, ANY_SIGNAL) or is_setting(episode):
        return False
    if not move.is_anywhere and episode.system != key.system:
        return False
    if move.dimensions and episode.dimension not in move.dimensions:
        return False
    if not re.fullmatch(move.segment, episode.segment):
        return False
    if move.is_slow is not None and move.is_slow != episode.is_slow:
        return False
    if move.is_turned and not episode.is_turned:
        return False
    wanted = move.direction
    if wanted in (WITH_KEY, AGAINST_KEY):
        wanted = key.direction * (1 if wanted == WITH_KEY else -1)
    agrees = not wanted or not episode.direction or episode.direction == wanted
    return agrees and move.at_least <= episode.effect <= move.at_most


def _backing(fit: Explanation, changes: Sequence[Change]) -> int:
    """2 where a setting of a system it speaks of says so, 1 where one of another system does."""
    likely = [x for x in changes if specific(fit.family, x) and in_time(x, fit.onset)]
    if fit.has_setting or any(is_of(change, fit) for change in likely):
        return 2
    return int(bool(likely))


def _unexplained(left: Sequence[Episode]) -> Iterator[Explanation]:
    """Everything that is left of one system, as one."""
    for system in sorted({x.system for x in left}):
        of_system = tuple(x for x in left if x.system == system)
        if all(_is_context(x) for x in of_system):
            continue
        moved = tuple(
            x for x in of_system if x.signal not in (CONFIGURATION, LATE, MISSING, WINDOW_LOST)
        )
        yield Explanation(NO_FAMILY, system, moved, of_system)
