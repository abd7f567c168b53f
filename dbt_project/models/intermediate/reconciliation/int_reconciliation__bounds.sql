{{ config(materialized="table") }}

-- How much of a platform's claims of a day our own records cannot speak of: conversions whose way
-- nobody saw, any of which may be the platform's, and the share of purchase events that were sent
-- twice. A conversion that nobody saw has no click day: it is spread over the days before it as
-- those of the same platform and goal that were seen.
with touched as (
    select
        platform,
        account_id,
        goal,
        {{ days_between("claimable_date", "account_date") }} as lag_days
    from {{ ref("int_reconciliation__touched") }}
    where is_in_window
),

lags as (
    select
        platform,
        account_id,
        goal,
        lag_days,
        cast(count(*) as double) / sum(count(*)) over (
            partition by platform, account_id, goal
        ) as share
    from touched
    group by platform, account_id, goal, lag_days
),

unwitnessed as (
    select
        conversions.goal,
        conversions.conversion_date,
        count(*) as conversions,
        sum(conversions.gross_amount) as amount
    from {{ ref("int_conversions__reconciled") }} as conversions
    where
        conversions.attribution_state in ('unobserved', 'observed_unattributed')
        and conversions.goal in (select goal from lags)
    group by conversions.goal, conversions.conversion_date
),

unseen as (
    select
        lags.platform,
        lags.account_id,
        lags.goal,
        {{ add_days("unwitnessed.conversion_date", "-lags.lag_days") }} as report_date,
        sum(unwitnessed.conversions * lags.share) as expected_conversions,
        sum(cast(unwitnessed.amount as double) * lags.share) as expected_amount,
        sqrt(sum(unwitnessed.conversions * lags.share * (1 - lags.share)))
            as deviation_conversions
    from lags
    inner join unwitnessed on lags.goal = unwitnessed.goal
    group by lags.platform, lags.account_id, lags.goal, report_date
),

events as (
    select
        goal,
        event_date,
        count(comparable_id) as events,
        count(distinct comparable_id) as ids
    from {{ ref("int_events__conversions") }}
    where is_reversal is not true
    group by goal, event_date
),

doubled as (
    select
        lags.platform,
        lags.account_id,
        lags.goal,
        {{ add_days("events.event_date", "-lags.lag_days") }} as report_date,
        cast(
            sum(lags.share * (events.events - events.ids) / nullif(events.events, 0))
            as decimal(18, 6)
        ) as doubled_share
    from lags
    inner join events on lags.goal = events.goal
    group by lags.platform, lags.account_id, lags.goal, report_date
),

-- Which of the days is chance: two deviations above what is expected, none where a conversion has
-- one day it can stand on.
bounded as (
    select
        platform,
        account_id,
        goal,
        report_date,
        expected_conversions + 2 * deviation_conversions as unseen_conversions,
        expected_amount
        * (1 + 2 * deviation_conversions / expected_conversions) as unseen_amount
    from unseen
),

final as (
    select
        coalesce(unseen.platform, doubled.platform) as platform,
        coalesce(unseen.account_id, doubled.account_id) as account_id,
        coalesce(unseen.goal, doubled.goal) as goal,
        coalesce(unseen.report_date, doubled.report_date) as report_date,
        cast(coalesce(unseen.unseen_conversions, 0) as decimal(18, 6)) as unseen_conversions,
        cast(coalesce(unseen.unseen_amount, 0) as decimal(38, 6)) as unseen_amount,
        coalesce(doubled.doubled_share, 0) as doubled_share
    from bounded as unseen
    full outer join doubled
        on
            unseen.platform = doubled.platform
            and unseen.account_id = doubled.account_id
            and unseen.goal = doubled.goal
            and unseen.report_date = doubled.report_date
)

select * from final
