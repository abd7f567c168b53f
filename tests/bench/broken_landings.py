"""What of a broken world is landed anew, and when: what a break touches, as days went by."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from bench.road import Home
from bench.served import link_landing, move_past
from sandbox.breaks import Break
from sandbox.desk import Desk
from trueup import pipeline
from trueup.gates import intake_rows, load_restated
from trueup.gates.findings import NOT_LANDED

START, BROKEN, MENDED, END = (
    date(2026, 6, 15), date(2026, 9, 5), date(2026, 9, 19), date(2026, 10, 1)
)  # fmt: skip
LAST = END - timedelta(days=1)
#: What each source lands of settings: they are seen before the break, in it, and after.
SETTINGS = {
    "gtm": ("settings",), "ga4": ("settings",),
    "google_ads": ("customer_settings", "conversion_actions"),
    "meta_ads": ("account_settings", "measurement_settings"), "hubspot": ("pipelines",),
}  # fmt: skip
#: Kinds that happen to a delivery, so that history which is landed at once would not show them.
OF_DELIVERIES = {25, 26, 27}
#: Kinds that only show where the same days were landed before, and what of a source lands daily.
OVER_DAYS = {24: ("account_performance", "campaign_performance", "ad_performance")}
#: What a kind is called beside its family: by the landing gate, or where links' ids are known.
ALSO_CALLED = {
    16: "campaigns_spelt_anew", 24: load_restated.CHECK, 25: NOT_LANDED,
    27: intake_rows.TWICE.name,
}  # fmt: skip
OF_VISITS = ("ga4", "shopify", "hubspot", "google_ads", "meta_ads")
#: Which sources show a kind, by its number.
TOUCHED = {
    1: ("ga4", "gtm", "meta_ads"), 2: ("ga4", "gtm"), 3: ("ga4", "gtm", "meta_ads", "google_ads"),
    4: ("ga4", "gtm"), 5: ("ga4", "gtm"), 6: ("ga4", "gtm", "meta_ads", "google_ads"),
    7: ("ga4", "gtm", "meta_ads", "google_ads"), 8: ("gtm", "conversions_api", "meta_ads"),
    9: ("gtm", "conversions_api", "meta_ads"), 10: ("conversions_api", "meta_ads"),
    11: (*OF_VISITS, "gtm", "conversions_api"), 12: ("ga4", "google_ads"), 13: OF_VISITS,
    14: OF_VISITS, 15: OF_VISITS, 16: OF_VISITS, 17: ("ga4", "gtm"), 18: ("ga4",), 19: ("ga4",),
    20: ("ga4",), 21: ("google_ads",), 22: ("google_ads",), 23: ("meta_ads",), 24: ("google_ads",),
    25: ("google_ads",), 26: ("ga4",), 27: ("meta_ads",), 28: ("ga4",),
    29: ("hubspot", "google_ads"), 30: ("hubspot", "google_ads"), 31: ("hubspot",),
    32: ("google_ads", "conversions_api"), 33: ("shopify",), 34: ("shopify",), 35: OF_VISITS,
    36: ("meta_ads", "google_ads"),
}  # fmt: skip


def sources_to_land(whole: Path, home: Home, breaks: Sequence[Break]) -> Sequence[str]:
    """Those that the breaks touch; of all others the landing is the one below `whole`."""
    if not breaks:
        shutil.rmtree(home.place.folder, ignore_errors=True)
        return home.sources
    touched = sorted({source for one in breaks for source in TOUCHED[one.number]})
    link_landing(whole, home, touched)
    return touched


def land(desk: Desk, sources: Sequence[str], breaks: Sequence[Break]) -> None:
    """Everything through the last day, which the landing gate judges; settings on days before, in
    and after a break too. RuntimeError where a break's fault was never asked for."""
    streams = {name for one in breaks for name in OVER_DAYS.get(one.number, ())}
    if streams:
        land_daily(desk, sources, sorted(streams))
    else:
        land_settings(desk, sources, (BROKEN - timedelta(days=2), BROKEN, MENDED))
    if any(one.number in OF_DELIVERIES for one in breaks):
        before = LAST - timedelta(days=1)
        move_past(desk, before)
        for source in sources:
            pipeline.land(source, before.isoformat())
    move_past(desk, LAST)
    orders = [order for one in breaks for order in one.orders]
    for order in orders:
        order.place(desk)
    for source in sources:
        _land_and_gate(source, LAST)
    for order in orders:
        if desk.faults_left(order.vendor, order.fault) == order.times:
            raise RuntimeError(f"{order.vendor} was not asked for what {order.fault} would change")


def land_daily(desk: Desk, sources: Sequence[str], streams: Sequence[str]) -> None:
    """The streams of the sources that have them, and their settings, as days went by; each day is
    judged."""
    day = BROKEN - timedelta(days=2)
    while day < LAST:
        move_past(desk, day)
        for source in sources:
            _land_and_gate(source, day, (*streams, *SETTINGS.get(source, ())))
        day += timedelta(days=1)


def _land_and_gate(source: str, day: date, streams: Sequence[str] = ()) -> None:
    landed = pipeline.land(source, day.isoformat(), streams=streams)
    pipeline.gate_landing(source, landed.loads, landed.failed)


def land_settings(desk: Desk, sources: Sequence[str], days: Sequence[date]) -> None:
    """What the sources are set to, as it is seen after each of the days."""
    for day in days:
        for source in sources:
            if source in SETTINGS:
                move_past(desk, day)
                pipeline.land(source, day.isoformat(), streams=SETTINGS[source])
