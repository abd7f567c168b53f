"""What a diagnosis reads of the scores."""

from __future__ import annotations

from datetime import timedelta

from gates.causes.score_tables import NEWEST, Series, build
from trueup.gates.causes import episodes


def test_nobody_reads_segments_of_what_never_left_its_range():
    """Most series are such segments, and each has a row for every day of the history."""
    con = build(
        Series("event_capture", "events", "device", "phone", level=0.5,
               breach=NEWEST - timedelta(days=60), until=NEWEST - timedelta(days=50)),
        Series("event_capture", "events", "device", "desktop"),
        Series("event_capture", "events", "country", "PT"),
        Series("checkout_rate"),
        Series("checkout_rate", "events", "device", "phone"),
        Series("claim_ratio", "ads_a", "platform", "ads_a"),
        Series("claim_ratio", "ads_a", "campaign", "1"),
    )  # fmt: skip
    episodes.gather(con)
    read = con.execute("select distinct signal, dimension, segment from judged order by all")
    assert read.fetchall() == [
        ("checkout_rate", "all", "all"),
        ("claim_ratio", "platform", "ads_a"),
        ("event_capture", "device", "desktop"),
        ("event_capture", "device", "phone"),
    ]
