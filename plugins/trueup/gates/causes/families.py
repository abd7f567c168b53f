"""Every cause there is a name for, and the one for what has none."""

from __future__ import annotations

from trueup.gates.causes import of_claims, of_events, of_records, of_visits
from trueup.gates.causes.family import UNEXPLAINED, Family

FAMILIES = tuple(
    sorted(
        (
            *of_events.FAMILIES,
            *of_visits.FAMILIES,
            *of_claims.FAMILIES,
            *of_records.FAMILIES,
        ),
        key=lambda family: family.number,
    )
)
#: A signal that moved for no reason anybody wrote down, or a setting that only may matter.
NO_FAMILY = Family(
    number=0,
    name=UNEXPLAINED,
    what="A ratio left its expected range, and no known cause explains it",
    hop="",
    owner="data",
    confirm=(
        "select signal, dimension, segment, signal_date, observed, expected_low, expected_high"
        " from health.fct_tracking_signals where is_breach"
        " order by signal_date desc, signal, segment limit 60"
    ),
)
BY_NAME = {family.name: family for family in (*FAMILIES, NO_FAMILY)}
