"""What weak goals become, as the mart says, against what the world's people did.

The world tells who visited, what they looked at and what they bought; the test counts by itself
what of each browser's signals became a sale, and knows nothing of how the mart counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from built import CLOCK, DAY, Company
from trueup.company import company_file, weak_goals

#: Goal, GA4's event, and the days in which it may become an order.
GOALS = [("add_to_cart", "add_to_cart", 14), ("product_view", "view_item", 30),
         ("begin_checkout", "begin_checkout", 30)]  # fmt: skip
THROUGH = date.fromisoformat(DAY)


class Signal(NamedTuple):
    """A visit's first event of a kind; `person` is the world's, `browser` what can be followed."""

    at: datetime
    day: date
    browser: str
    person: int
    channel: str


Sales = dict[object, list[datetime]]


@pytest.fixture(scope="module")
def con(built_company: Company, world: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        con.execute(f"attach '{built_company.place.build_file}' as build (read_only)")
        for table in ("ga4_events", "visits", "contacts", "deals", "truth", "reservations"):
            con.execute(f"create view {table} as from '{world}/{table}.parquet'")
        yield con


def signals_of(con: duckdb.DuckDBPyConnection, event: str) -> list[Signal]:
    """Those GA4 had shown by the demo's clock, by the channel the mart reads of the visit, which
    has a test of its own."""
    rows = con.execute(
        f"""
        with seen as (
            select visit_id, min(event_at) as seen_at from ga4_events
            where event_name = ? and client_id is not null and known_at <= ?
            group by visit_id
        )
        select seen_at, (seen_at at time zone 'UTC' at time zone 'Europe/Lisbon')::date,
            visits.client_id, person_id, touches.channel
        from seen
        inner join visits using (visit_id)
        inner join build.marts.fct_touches as touches
            on touches.session_key = md5(visits.client_id || '|' || visits.ga_session_id::varchar)
        where (seen_at at time zone 'UTC' at time zone 'Europe/Lisbon')::date <= date '{DAY}'
        order by seen_at""",
        [event, CLOCK],
    ).fetchall()
    return [Signal(*row) for row in rows]


def sales_by(con: duckdb.DuckDBPyConnection, what: str, goal: str) -> Sales:
    """When each browser, or person, bought what the goal may become, of what stands; of browsers,
    those that the mart knows to have come of any."""
    sales: Sales = defaultdict(list)
    tied = "match_method <> 'none'" if what == "client_id" else "true"
    for key, at in con.execute(
        f"""
        with sold as (
            select conversion_id, visit_id from truth where goal <> 'booking'
            union all
            -- a room may be booked before any money moves
            select 'cloudbeds:' || reservation_id, visit_id from reservations
        )
        select visits.{what}, conversion_at::timestamp
        from sold
        inner join visits using (visit_id)
        inner join build.marts.fct_conversions as conversions using (conversion_id)
        inner join build.company.goal_outcomes as outcomes
            on outcomes.goal = ? and conversions.goal = outcomes.outcome
        where conversions.status = 'won' and {tied}""",
        [goal],
    ).fetchall():
        sales[key].append(at)
    return sales


def counted(signals: list[Signal], window: timedelta, by: str) -> list[Signal]:
    """Once per unit and channel in a window."""
    kept, last = [], {}
    for one in signals:
        key = (getattr(one, by), one.channel)
        if key not in last or one.at > last[key] + window:
            kept.append(one)
        last[key] = one.at
    return kept


def became(signals: list[Signal], sales: Sales, window: timedelta, by: str) -> Counter[tuple]:
    return Counter(
        (one.channel, one.day - timedelta(days=one.day.weekday()))
        for one in signals
        if any(one.at <= at <= one.at + window for at in sales[getattr(one, by)])
    )


def by_channel(counts: Counter[tuple]) -> Counter[str]:
    total: Counter[str] = Counter()
    for (channel, _), count in counts.items():
        total[channel] += count
    return total


@pytest.mark.parametrize(("goal", "event", "days"), GOALS)
def test_what_can_be_followed_became_what_the_worlds_browsers_bought(
    con: duckdb.DuckDBPyConnection, goal: str, event: str, days: int
) -> None:
    window = timedelta(days=days)
    signals = counted(signals_of(con, event), window, "browser")
    strong = became(signals, sales_by(con, "client_id", goal), window, "browser")
    expected = Counter(
        (one.channel, one.day - timedelta(days=one.day.weekday())) for one in signals
    )
    found = {
        (channel, week): (followed, sales)
        for channel, week, followed, sales in con.execute(
            """
            select channel, week_start_date, followable_signals, strong_conversions
            from build.marts.fct_signal_value
            inner join build.company.goals using (goal, window_days)
            where goal = ? and followable_signals > 0""",
            [goal],
        ).fetchall()
    }
    assert found == {key: (count, strong[key]) for key, count in expected.items()}
    assert sum(strong.values()) > 20


@pytest.mark.parametrize(("goal", "event", "days"), GOALS)
def test_people_become_no_less_than_their_browsers_show(
    con: duckdb.DuckDBPyConnection, goal: str, event: str, days: int
) -> None:
    """The mart's value is a lower bound of the world's, and not a far one."""
    window = timedelta(days=days)
    signals = counted(signals_of(con, event), window, "person")
    truth = sum(became(signals, sales_by(con, "person_id", goal), window, "person").values())
    share = truth / len(signals)
    ((found,),) = con.execute(
        "select sum(strong_conversions) / sum(followable_signals)"
        " from build.marts.fct_signal_value where goal = ?",
        [goal],
    ).fetchall()
    assert 0.75 * share < found <= share * 1.02


def test_a_basket_of_one_channel_becomes_an_order_far_more_often_than_anothers(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """In the world too: who comes back by mail buys, whom an ad met for the first time looks."""
    window = timedelta(days=14)
    signals = [
        one
        for one in counted(signals_of(con, "add_to_cart"), window, "browser")
        if one.day - timedelta(days=one.day.weekday()) + timedelta(days=20) <= THROUGH
    ]
    strong = by_channel(
        became(signals, sales_by(con, "client_id", "add_to_cart"), window, "browser")
    )
    all_of = Counter(one.channel for one in signals)
    truth = {name: strong[name] / all_of[name] for name in ("email", "paid_social")}
    found = dict(
        con.execute(
            """
            select channel, sum(strong_conversions) / sum(followable_signals)
            from build.marts.fct_signal_value
            where goal = 'add_to_cart' and is_mature and followable_signals > 0
            group by channel"""
        ).fetchall()
    )
    assert {name: found[name] for name in truth} == pytest.approx(truth)
    assert found["email"] > 2 * found["paid_social"] > 0


def test_what_consent_hides_is_counted_apart(con: duckdb.DuckDBPyConnection) -> None:
    ((hidden,),) = con.execute(
        """select count(*) from ga4_events
        where event_name = 'add_to_cart' and client_id is null and known_at <= ?
            and (event_at at time zone 'UTC' at time zone 'Europe/Lisbon')::date <= ?""",
        [CLOCK, THROUGH],
    ).fetchall()
    ((unfollowable, shared),) = con.execute(
        """select sum(unfollowable_signals), sum(strong_conversions)
        from build.marts.fct_signal_value
        where goal = 'add_to_cart' and followable_signals = 0"""
    ).fetchall()
    assert (unfollowable, shared) == (hidden, 0) and hidden > 50


def test_an_engaged_visit_is_one_that_saw_a_second_page(con: duckdb.DuckDBPyConnection) -> None:
    ((engaged,),) = con.execute(
        """select count(distinct visit_id) from ga4_events
        where client_id is not null and event_id % 16 > 3 and known_at <= ?
            and (event_at at time zone 'UTC' at time zone 'Europe/Lisbon')::date <= ?""",
        [CLOCK, THROUGH],
    ).fetchall()
    ((found,),) = con.execute(
        "select count(*) from build.marts.fct_conversions where goal = 'engaged_visit'"
    ).fetchall()
    assert found == pytest.approx(engaged, abs=3) and found > 1000


def test_enquiries_become_the_deals_of_the_same_person(con: duckdb.DuckDBPyConnection) -> None:
    """Whatever consent they gave: the CRM's own record ties them."""
    ((found,),) = con.execute(
        "select sum(strong_conversions) from build.marts.fct_signal_value"
        " where goal = 'wedding_enquiry'"
    ).fetchall()
    ((truth,),) = con.execute(
        """
        select count(distinct contact_id)
        from deals
        inner join contacts using (contact_id)
        inner join build.marts.fct_conversions as won
            on won.conversion_id = 'hubspot:' || deal_id
        where won.status = 'won' and pipeline = 'weddings'
            -- of before the history only those whose deal was open are known
            and contacts.created_at >= timestamp '2026-07-31 23:00:00'"""
    ).fetchall()
    assert found == truth > 0


def test_no_weak_goal_is_revenue(con: duckdb.DuckDBPyConnection, built_company: Company) -> None:
    company = company_file.read(built_company.company_file)
    weak = {name for name, goal in weak_goals.in_force(company).items() if goal.tier == "weak"}
    tiers = con.execute(
        """select tier, goal, count(*), sum(gross_amount), sum(net_amount)
        from build.marts.fct_conversions group by all"""
    ).fetchall()
    assert {goal for tier, goal, *_ in tiers if tier == "weak"} == weak - {"form_start"}
    assert all(gross == net == 0 for tier, _, _, gross, net in tiers if tier == "weak")
    revenue = con.execute("select distinct goal from build.marts.fct_ledger_entries").fetchall()
    assert {goal for (goal,) in revenue} & weak == set()


def test_campaigns_show_what_they_claim_of_a_weak_goal_beside_what_became_of_it(
    con: duckdb.DuckDBPyConnection,
) -> None:
    claims = dict(
        con.execute(
            """
            select campaign_id, sum(claimed_conversions)
            from build.marts.fct_platform_claims
            inner join build.company.goals using (goal)
            where is_headline and goals.tier = 'weak' and campaign_id is not null
                and date_trunc('week', claim_date)::date + 6 + window_days <= ?
            group by 1""",
            [THROUGH],
        ).fetchall()
    )
    found = con.execute(
        """select campaign_id, sum(claimed_conversions), count(*) filter (where predictive_value
            between predictive_value_low and predictive_value_high)
        from build.marts.fct_campaign_signal_value group by 1"""
    ).fetchall()
    assert {name: claimed for name, claimed, _ in found if claimed is not None} == claims
    assert sum(rated for *_, rated in found) > 10
