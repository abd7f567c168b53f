"""Changed settings as causes: of which kind a change is, and whether it came at the right time."""

from __future__ import annotations

from datetime import date, timedelta

from trueup.gates.causes.evidence import Change, Episode
from trueup.gates.causes.family import CONFIGURATION, Family, Setting

#: A setting that was changed so long before the onset may be the cause of it ...
SETTING_BEFORE = timedelta(days=7)
#: ... or so long after it, for a change is seen at the next look.
SETTING_AFTER = timedelta(days=2)


def is_setting(episode: Episode) -> bool:
    return episode.signal == CONFIGURATION


def specific(family: Family, change: Change) -> bool:
    """Whether a change is of a kind that brings the family about."""
    return any(_setting_matches(setting, change) for setting in family.settings)


def in_time(change: Change, onset: date) -> bool:
    """Whether a change may have brought about what began at the onset."""
    seen = change.observed_at.date()
    return onset - SETTING_BEFORE <= seen <= onset + SETTING_AFTER


def _setting_matches(setting: Setting, change: Change) -> bool:
    return setting.matches(
        change.hop, change.object_type, change.setting, change.value, change.words
    )
