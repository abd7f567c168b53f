{{ config(materialized="table") }}

-- An order that was sent twice under two ids is one order.
with events as (
    select
        *,
        row_number() over (
            partition by destination, account_id, action, conversion_id, outcome
            order by sent_at, event_id
        ) = 1 as is_first_of_order
    from {{ ref("fct_server_events") }}
    where not is_test
),

sums as (
    select
        destination,
        account_id,
        action,
        sent_date as report_date,
        count(*) as sent_events,
        sum(case when is_received then 1 else 0 end) as received_events,
        sum(case when outcome = 'accepted' then 1 else 0 end) as accepted_events,
        sum(case when outcome = 'rejected' then 1 else 0 end) as rejected_events,
        sum(case when outcome = 'unknown' then 1 else 0 end) as unknown_events,
        sum(case when attempt_count > 1 then 1 else 0 end) as retried_events,
        sum(case when delay_seconds > 86400 then 1 else 0 end) as late_events,
        sum(case when is_clock_wrong then 1 else 0 end) as wrong_clock_events,
        sum(case when not has_event_id then 1 else 0 end) as events_without_id,
        sum(case when not is_hashed then 1 else 0 end) as unhashed_events,
        sum(case when has_browser_event then 1 else 0 end) as events_with_browser_event,
        sum(case when not has_browser_event then 1 else 0 end) as events_without_browser_event,
        sum(case when has_order then 1 else 0 end) as events_with_order,
        sum(case when not has_order then 1 else 0 end) as events_without_order,
        sum(case when outcome = 'accepted' then amount end) as accepted_amount,
        sum(case when outcome = 'accepted' and has_order then amount end)
            as accepted_amount_with_order,
        sum(case when outcome = 'accepted' and is_first_of_order then order_amount end)
            as order_amount
    from events
    group by destination, account_id, action, sent_date
),

quality as (
    select * from {{ ref("shape_server_event_quality") }}
),

days as (
    select
        destination,
        account_id,
        action,
        report_date
    from sums
    union distinct
    select
        destination,
        account_id,
        action,
        observed_date as report_date
    from quality
),

final as (
    select
        days.report_date,
        days.destination,
        days.account_id,
        days.action,
        cast(sums.sent_events as bigint) as sent_events,
        cast(sums.received_events as bigint) as received_events,
        cast(sums.accepted_events as bigint) as accepted_events,
        cast(sums.rejected_events as bigint) as rejected_events,
        cast(sums.unknown_events as bigint) as unknown_events,
        cast(sums.retried_events as bigint) as retried_events,
        cast(sums.late_events as bigint) as late_events,
        cast(sums.wrong_clock_events as bigint) as wrong_clock_events,
        cast(sums.events_without_id as bigint) as events_without_id,
        cast(sums.unhashed_events as bigint) as unhashed_events,
        cast(sums.events_with_browser_event as bigint) as events_with_browser_event,
        cast(sums.events_without_browser_event as bigint) as events_without_browser_event,
        cast(sums.events_with_order as bigint) as events_with_order,
        cast(sums.events_without_order as bigint) as events_without_order,
        cast(sums.accepted_amount as decimal(38, 6)) as accepted_amount,
        cast(sums.accepted_amount_with_order as decimal(38, 6)) as accepted_amount_with_order,
        cast(sums.order_amount as decimal(38, 6)) as order_amount,
        cast(quality.match_quality as decimal(18, 6)) as match_quality,
        cast(quality.event_coverage as decimal(18, 6)) as event_coverage,
        cast(quality.browser_id_coverage as decimal(18, 6)) as browser_id_coverage,
        cast(quality.server_id_coverage as decimal(18, 6)) as server_id_coverage
    from days
    left join sums
        on
            days.destination = sums.destination
            and days.account_id = sums.account_id
            and days.action = sums.action
            and days.report_date = sums.report_date
    left join quality
        on
            days.destination = quality.destination
            and days.account_id = quality.account_id
            and days.action = quality.action
            and days.report_date = quality.observed_date
)

select * from final
