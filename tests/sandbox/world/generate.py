"""Harbour House, chapter by chapter: who came, what they did, who saw it and who claims it.

Each chapter adds tables to one DuckDB file in a scratch folder; the last one writes those of
`tables.TABLES` as Parquet. Every fact a vendor shows is a biased view of an earlier chapter.
"""

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path

import duckdb

from sandbox.world import (
    ads,
    affiliate_visits,
    affiliates,
    campaigns,
    claims,
    days,
    deals,
    formats,
    ga4,
    journeys,
    ledger,
    orders,
    payments,
    people,
    rooms,
    searches,
    server_events,
    settings,
    tags,
    visits,
)
from sandbox.world.dated import Change, Course
from sandbox.world.days import Span
from sandbox.world.deeds import Deed
from sandbox.world.draws import define_macros, define_platforms
from sandbox.world.dynamics import sways
from sandbox.world.parameters import Parameters
from sandbox.world.storage import describe, is_written, write_folder, write_tables


def generate(
    folder: Path,
    *,
    seed: int = 7,
    start: date = date(2026, 6, 1),
    until: date = date(2026, 11, 1),
    scale: float = 1.0,
    parameters: Parameters = Parameters(),  # noqa: B008 (frozen)
    changes: Sequence[Change] = (),
    deeds: Sequence[Deed] = (),
    dynamics: bool = False,
) -> None:
    """Write the world of [start, until) into `folder`; equal arguments give equal bytes.

    `scale` multiplies traffic and money alike, `changes` break something on a day, `deeds`
    are what somebody sets then, and with `dynamics` rates hang together over time. A folder that
    already holds this very world is left as it is; one that holds another is replaced whole.
    """
    span = Span(start=start, until=until, scale=scale, seed=seed)
    swaying = sways(span, parameters) if dynamics else ()
    course = Course(parameters, tuple(changes), swaying, tuple(deeds))
    passport = describe(span, course)
    if not is_written(folder, passport):
        write_folder(folder, passport, partial(_fill, span=span, course=course))


def _fill(folder: Path, *, span: Span, course: Course) -> None:
    draft = folder.parent / "draft.duckdb"
    settings = {"memory_limit": "8GB", "temp_directory": str(folder.parent / "spill")}
    with duckdb.connect(draft, config=settings) as con:
        con.execute("set timezone = 'UTC'; set enable_progress_bar = false")
        tell(con, span, course)
        write_tables(con, folder, {"ga4_events": ga4.tell_events(con)})


def tell(con: duckdb.DuckDBPyConnection, span: Span, course: Course) -> None:
    """Make the tables of every chapter; the events of GA4 are made as they are written."""
    frame = {"world_seed": span.seed, "first_day": span.start, "end_day": span.until}
    define_macros(con, course, frame)
    define_platforms(con)

    # The stage: days with their demand and exchange rates, campaigns, people
    days.set_calendar(con, span, course)
    days.set_rates(con, span, course)
    campaigns.run_campaigns(con, span)
    people.draw_people(con)

    # What happens: journeys of visits, some of which end in an order or an enquiry
    journeys.walk_journeys(con, course)
    formats.show_in_other_formats(con)
    visits.arrive(con, course)
    orders.buy(con, course)
    affiliates.list_publishers(con)
    affiliate_visits.send_visitors(con)
    deals.enquire(con)

    # What the ad platforms do: clicks, views, bills, and the credit they take
    ads.deliver_clicks(con)
    claims.convert(con)
    ads.show_views(con)
    ads.bill(con)
    claims.share_credit(con)

    # What GA4 catches, how orders are paid, and what is true
    ga4.capture(con)
    payments.settle(con)
    orders.close_books_on_orders(con)
    deals.close_books_on_deals(con)
    people.keep_people(con)
    searches.type_queries(con)
    server_events.send(con)

    # The rooms, booked in some of the visits above or through agencies
    rooms.book(con, span, course)

    ledger.keep_ledger(con)

    # What the tag containers held, and when somebody changed it
    tags.tell_tags(con, span, course.deeds)
    settings.tell_settings(con, span, course.deeds)

    # What affiliates claim of it, last of all
    affiliates.claim_sales(con)
