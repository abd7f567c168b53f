"""Whether a day's profile by the hour is the usual one, some hours later or earlier.

That is what another time zone looks like. A profile that changed otherwise, for example by a burst
at noon or by buyers who come later in the week, comes no nearer to the usual one by being turned.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

import duckdb
import numpy as np

from trueup.gates.causes.evidence import Episode, Reading
from trueup.gates.detect.panel import Floats

#: The dimension whose segments are the hours of a day, 0 to 23.
HOUR, HOURS = "hour", 24
#: Turned is a profile of whose distance to the usual one no more than this is left by turning it.
LEFT_OVER = 0.7

#: Of each signal and system: its days, and [day, hour] as counted and as it was to be expected.
Profile = tuple[list[date], Floats, Floats]
Profiles = dict[tuple[str, str], Profile]


def mark(con: duckdb.DuckDBPyConnection, episodes: Iterable[Episode]) -> list[Episode]:
    """The episodes; those of profiles by the hour say on each day by how many hours they are turned
    since their onset. `con` holds what was gathered of the scores."""
    found = list(episodes)
    if not any(one.dimension == HOUR for one in found):
        return found
    profiles = _profiles(con)
    return [_marked(one, profiles) if one.dimension == HOUR else one for one in found]


def hours_turned(observed: Floats, expected: Floats) -> int:
    """By how many hours, 1 to 23, some or all of the counts by hour came later than was expected of
    each hour; 0 where that is not what happened to them.

    Of every turn the share of the counts is fitted that it moved, by weighted least squares.
    """
    weight = 1 / (observed + expected + 1)
    apart = observed - expected
    distance = float(np.sum(weight * apart**2))
    left = [distance] + [_left_by(hours, apart, expected, weight) for hours in range(1, HOURS)]
    best = int(np.argmin(left))
    return best if left[best] <= LEFT_OVER * distance else 0


def _left_by(hours: int, apart: Floats, expected: Floats, weight: Floats) -> float:
    move = np.roll(expected, hours) - expected
    length = float(np.sum(weight * move**2))
    share = float(np.sum(weight * apart * move)) / length if length else 0.0
    return float(np.sum(weight * (apart - min(max(share, 0.0), 1.0) * move) ** 2))


def _profiles(con: duckdb.DuckDBPyConnection) -> Profiles:
    rows = con.execute(
        """
        select signal, coalesce(system, ''), signal_date, cast(segment as integer) as hour,
            numerator, coalesce(expected, 0) * denominator as expected_count
        from judged
        where dimension = $hour and denominator > 0
        order by all
        """,
        {"hour": HOUR},
    ).fetchall()
    by_series: dict[tuple[str, str], list[tuple[date, int, float, float]]] = {}
    for signal, system, day, hour, count, expected in rows:
        by_series.setdefault((signal, system), []).append((day, hour, count, expected))
    return {series: _profile(of_series) for series, of_series in by_series.items()}


def _profile(rows: Sequence[tuple[date, int, float, float]]) -> Profile:
    days = list(dict.fromkeys(day for day, *_ in rows))
    at = {day: place for place, day in enumerate(days)}
    counted, expected = np.zeros((len(days), HOURS)), np.zeros((len(days), HOURS))
    for day, hour, count, expected_count in rows:
        counted[at[day], hour], expected[at[day], hour] = count, expected_count
    return days, counted, expected


def _marked(episode: Episode, profiles: Profiles) -> Episode:
    if (episode.signal, episode.system) not in profiles:  # its last day has no counts any more
        return episode
    days, counted, expected = profiles[episode.signal, episode.system]

    def turned(reading: Reading) -> Reading:
        since = [reading.since <= day <= reading.day for day in days]
        hours = hours_turned(counted[since].sum(axis=0), expected[since].sum(axis=0))
        return replace(reading, hours_turned=hours)

    return replace(episode, readings=tuple(turned(one) for one in episode.readings))
