"""The promised bands, measured on a finished world: `python -m sandbox.world.bands FOLDER`.

Every value is a ratio between 0 and 1 unless its name says otherwise. Small worlds scatter:
the bands hold from a few thousand orders on.
"""

import json
import sys
from pathlib import Path

import duckdb

# (lowest, highest) value each measure may take; design.md names the figures they come from
BANDS = {
    "european_refusal": (0.20, 0.40),
    "ga4_capture_with_consent": (0.90, 0.95),
    "claimed_to_real_value": (1.20, 1.60),
    "claimed_to_ledger_net": (1.10, 1.70),
    "converted_within_hour": (0.30, 0.40),
    "converted_within_day": (0.45, 0.55),
    "refunded_orders": (0.05, 0.10),
    "partial_refunds": (0.25, 0.55),
    "cancelled_orders": (0.002, 0.025),
    "test_orders": (0.001, 0.010),
    "lost_click_ids": (0.08, 0.12),
    "converted_on_other_device": (0.03, 0.07),
    "doubled_purchase_events": (0.005, 0.03),
    "reused_transaction_ids": (0.0005, 0.01),
    "late_ga4_events": (0.01, 0.02),
    "gclid_filed_as_organic": (0.25, 0.45),
    "brand_and_retargeting_effect": (0.10, 0.32),
    "generic_and_prospecting_effect": (0.50, 0.90),
    "cancelled_direct_bookings": (0.11, 0.23),
    "cancelled_agency_bookings": (0.34, 0.46),
    "bookings_cancelled_in_the_last_week": (0.50, 0.95),
    "bookings_nobody_came_to": (0.005, 0.03),
    "nights_sold": (0.45, 1.00),
}

VIEWS = """
create view headline as
select claims.*, campaigns.purpose, epoch(converted_at) - epoch(touched_at) as lag_seconds,
    value_amount_local / units_per_eur as value_eur
from claims
inner join campaigns using (campaign_id)
asof join fx
    on fx.currency_code = case claims.platform when 'google_ads' then 'USD' else 'GBP' end
    and claims.converted_at::date >= fx.rate_date
where action <> 'qualified_lead'
    and case claims.platform when 'google_ads' then kind = 'click'
        else kind = 'view' or touched_at > converted_at - interval 7 days end;

create view happened as
select visit_id, total_amount::double as value_eur from orders where not is_test
union all
select visit_id,
    case form when 'wedding_enquiry' then wedding_lead_value() else event_lead_value() end
from contacts where created_at >= (select min(ordered_at)::date - interval 1 hour from orders);

create view purchases as
select distinct visit_id, transaction_id, count(*) over (partition by visit_id) as events
from ga4_events where event_name = 'purchase';

create view stayed as
select reservation_id, arrival_date, is_third_party, arg_max(status, known_at) as status,
    min(known_at) filter (where status = 'canceled') as cancelled_at,
    max(reservation_states.departure_date) as left_on
from reservations
inner join reservation_states using (reservation_id)
inner join booking_sources using (source_id)
group by reservation_id, arrival_date, is_third_party;

create view effects as
select purpose, count(*) as claimed,
    count(*) filter (orders.caused_by_campaign_id = headline.campaign_id) as caused
from headline inner join orders using (order_id) inner join campaigns using (campaign_id, purpose)
group by purpose;
"""

MEASURES = """
select
    (select avg((not analytics_consent)::int) from people where country <> 'US')
        as european_refusal,
    (select avg((purchases.visit_id is not null)::int)
        from orders inner join visits using (visit_id) left join purchases using (visit_id)
        where analytics_consent) as ga4_capture_with_consent,
    (select sum(value_eur) from headline) / (select sum(value_eur) from happened)
        as claimed_to_real_value,
    (select sum(value_eur) from headline) / (select sum(amount) from true_ledger
        where conversion_id not like 'cloudbeds:%') as claimed_to_ledger_net,
    (select avg((lag_seconds < 3600)::int) from headline where kind = 'click')
        as converted_within_hour,
    (select avg((lag_seconds < 86400)::int) from headline where kind = 'click')
        as converted_within_day,
    (select count(distinct order_id) from refunds) / (select count(*) from orders)
        as refunded_orders,
    (select avg((amount < total_amount)::int) from refunds inner join orders using (order_id))
        as partial_refunds,
    (select avg((cancelled_at is not null)::int) from orders) as cancelled_orders,
    (select avg(is_test::int) from orders) as test_orders,
    (select avg(click_id_lost::int) from visits where campaign_id is not null)
        as lost_click_ids,
    (select avg((visits.client_id = other_client_id and visits.client_id <> people.client_id)::int)
        from happened inner join visits using (visit_id) inner join people using (person_id))
        as converted_on_other_device,
    (select avg((events > 1)::int) from purchases) as doubled_purchase_events,
    (select avg((ga4_transaction_id <> order_name)::int) from orders) as reused_transaction_ids,
    (select avg((known_at > event_at + interval 1 hour)::int) from ga4_events)
        as late_ga4_events,
    (select avg((session_medium = 'organic')::int) from ga4_events
        where event_name = 'session_start' and gclid is not null and manual_source is null)
        as gclid_filed_as_organic,
    (select sum(caused) / sum(claimed) from effects
        where purpose in ('brand_search', 'retargeting')) as brand_and_retargeting_effect,
    (select sum(caused) / sum(claimed) from effects
        where purpose in ('generic_search', 'prospecting')) as generic_and_prospecting_effect,
    (select avg((status = 'canceled')::int) from stayed
        where not is_third_party and left_on < (select max(known_at) from reservation_states))
        as cancelled_direct_bookings,
    (select avg((status = 'canceled')::int) from stayed
        where is_third_party and left_on < (select max(known_at) from reservation_states))
        as cancelled_agency_bookings,
    (select avg((cancelled_at > arrival_date - interval 7 days)::int) from stayed
        where cancelled_at is not null) as bookings_cancelled_in_the_last_week,
    (select avg((status = 'no_show')::int) from stayed
        where left_on < (select max(known_at) from reservation_states))
        as bookings_nobody_came_to,
    -- from the fourth week on: the house opens its book on the first day
    (select sum(nights) / (select 24 * count(distinct arrival_date) from stayed
            where arrival_date between (select min(arrival_date) + 28 from stayed)
                and (select max(known_at) from reservation_states))
        from (
            select least(left_on, (select max(known_at)::date from reservation_states))
                - greatest(arrival_date, (select min(arrival_date) + 28 from stayed)) as nights
            from stayed where status not in ('canceled', 'no_show')
        ) where nights > 0) as nights_sold
"""


def measure(folder: Path) -> dict[str, float]:
    """Each measure's value in the world written in `folder`."""
    with duckdb.connect() as con:
        con.execute("set enable_progress_bar = false")
        for path in sorted(folder.glob("*.parquet")):
            con.from_parquet(str(path)).create_view(path.stem)
        parameters = json.loads((folder / "world.json").read_text())["parameters"]
        for name in ("wedding_lead_value", "event_lead_value"):
            con.execute(f"create macro {name}() as {float(parameters[name])}")
        con.execute(VIEWS)
        measured = con.sql(MEASURES)
        return {
            name: float(value)
            for name, value in zip(measured.columns, measured.fetchone(), strict=True)
        }


def main(folder: Path) -> None:
    """Print each measure beside its band."""
    for name, value in measure(folder).items():
        low, high = BANDS[name]
        verdict = "ok" if low <= value <= high else "OUT"
        sys.stdout.write(f"{name:32} {value:8.4f}   {low:g} to {high:g}  {verdict}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
