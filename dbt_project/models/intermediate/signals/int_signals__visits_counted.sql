{{ config(materialized="table") }}

-- Counts of the visits of the days that are known. What no visit of the company ever was, such as
-- engaged where nobody says so, is not counted.
with counted as (
    select * from {{ ref("int_signals__visits_by_day") }}
),

ever as (
    select
        sum(engaged_visits) > 0 as is_engagement_known,
        sum(checkouts) > 0 as are_checkouts_known
    from counted
    where dimension = 'all'
),

spans as (
    select * from {{ ref("int_signals__spans") }}
    where shape in ('events', 'touches')
),

final as (
    select
        counted.system,
        counted.signal_date,
        counted.dimension,
        counted.segment,
        counted.visits,
        counted.clicked_visits,
        counted.worded_visits,
        counted.worded_visits_with_click_id,
        counted.paid_visits,
        counted.paid_visits_of_known_campaign,
        counted.visits_from_own,
        counted.visits_from_payment,
        counted.unassigned_visits,
        counted.buyers,
        counted.buyers_from_own,
        counted.buyers_from_payment,
        counted.unassigned_buyers,
        counted.visits_with_source,
        counted.visits_of_other_source,
        counted.visits_with_channel,
        counted.visits_of_other_channel,
        counted.engaged_visits,
        counted.checkouts,
        counted.checkouts_of_buyers,
        ever.is_engagement_known,
        ever.are_checkouts_known,
        counted.signal_date <= spans.filled_through as is_mature
    from counted
    cross join ever
    inner join spans
        on
            counted.system = spans.source
            and counted.signal_date between spans.first_date and spans.last_date
)

select * from final
