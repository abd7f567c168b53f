"""The change of a setting that is likely to have brought a cause about, and how likely."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from trueup.gates.causes.changed_settings import in_time, specific
from trueup.gates.causes.evidence import Change
from trueup.gates.causes.match import Explanation, is_of

#: Hops of settings (macros/hop_of.sql) that act on each hop of signals.
SETTING_HOPS: dict[str, frozenset[str]] = {
    "consent": frozenset({"consent", "tag"}),
    "click": frozenset({"click", "account"}),
    "landing": frozenset({"click", "tag"}),
    "session": frozenset({"tag", "consent", "event"}),
    "event": frozenset({"tag", "consent", "event", "conversion"}),
    "order": frozenset({"order", "account"}),
    "crm": frozenset({"deal", "tag", "transfer"}),
    "upload": frozenset({"transfer", "event", "tag", "conversion"}),
    "claim": frozenset({"conversion", "attribution", "account"}),
    "refund": frozenset({"order"}),
    "delivery": frozenset({"transfer", "account"}),
}
#: Each day between a change and the onset makes it less likely by this much.
PER_DAY = 0.08


@dataclass(frozen=True)
class Suspect:
    """A change, and the probability between 0 and 1 that one would give it."""

    change: Change
    confidence: float


def suspect(explanation: Explanation, changes: Iterable[Change]) -> Suspect | None:
    """The likeliest of the changes that were made shortly before the onset and act on the same
    hop; of those that are alike, the latest."""
    scored = [
        Suspect(change, confidence)
        for change in changes
        if (confidence := _confidence(explanation, change)) > 0
    ]
    return max(scored, key=lambda x: (x.confidence, x.change.observed_at), default=None)


def _confidence(explanation: Explanation, change: Change) -> float:
    onset = explanation.onset
    if not in_time(change, onset):
        return 0.0
    is_likely = specific(explanation.family, change)
    hops = SETTING_HOPS.get(explanation.family.hop, frozenset())
    if not is_likely and not (change.is_break and change.hop in hops):
        return 0.0
    weight = (0.9 if change.is_break else 0.75) if is_likely else 0.5
    if not is_of(change, explanation):
        weight *= 0.8
    return round(weight * (1 - PER_DAY * _days_apart(change, onset)), 2)


def _days_apart(change: Change, onset: date) -> int:
    """Days between the onset and the spell in which the change was made."""
    latest = change.observed_at.date()
    earliest = change.previous_at.date() if change.previous_at else latest
    if earliest <= onset <= latest:
        return 0
    return min(abs((onset - earliest).days), abs((onset - latest).days))
