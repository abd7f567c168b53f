{{ config(materialized="table") }}

-- Server events with what became of them in the end: what a destination took, it may judge later.
-- Of a request that it kept in part nobody knows which events it kept, though how many. A log may
-- call an action by another name than the destination does: where a request was of one action
-- alone, its verdict is of that one. The same sale is looked for by its id, near in time, because
-- shops number anew: among what the browser sent, and in the ledger.
with events as (
    select
        *,
        {{ comparable_id("coalesce(transaction_id, event_id)") }} as comparable_id,
        min(action) over (partition by destination, account_id, request_id)
        = max(action) over (partition by destination, account_id, request_id) as is_sole_action
    from {{ ref("shape_server_events") }}
),

verdicts as (
    select
        *,
        sum(rejected_count) over (
            partition by destination, account_id, request_id, action
        ) as rejected_events,
        min(action) over (partition by destination, account_id, request_id)
        = max(action) over (partition by destination, account_id, request_id) as is_sole_action
    from {{ ref("shape_server_event_verdicts") }}
    qualify
        row_number() over (
            partition by destination, account_id, request_id, action
            order by rejected_count desc, reason_code
        ) = 1
),

asked as (
    select distinct
        destination,
        account_id,
        request_id,
        action,
        is_sole_action
    from events
),

-- The verdict of an action itself goes before one of the request as a whole.
given as (
    select
        asked.destination,
        asked.account_id,
        asked.request_id,
        asked.action,
        verdicts.verdict,
        verdicts.event_count,
        verdicts.rejected_events,
        verdicts.reason_code,
        verdicts.reason
    from asked
    inner join verdicts
        on
            asked.destination = verdicts.destination
            and asked.account_id = verdicts.account_id
            and asked.request_id = verdicts.request_id
    where
        asked.action = coalesce(verdicts.action, asked.action)
        or (asked.is_sole_action and verdicts.is_sole_action)
    qualify
        row_number() over (
            partition by
                asked.destination, asked.account_id, asked.request_id, asked.action
            order by
                coalesce(asked.action = verdicts.action, false) desc,
                verdicts.action is null desc,
                verdicts.action
        ) = 1
),

settings as (
    select reporting_currency from {{ source("company", "settings") }}
),

rates as (
    select * from {{ ref("int_exchange_rates__carried") }}
),

browser_sales as (
    select
        comparable_id,
        event_at as sold_at
    from {{ ref("int_events__conversions") }}
    where comparable_id is not null and is_reversal is not true
),

browsers as (
    select count(*) > 0 as are_seen from {{ ref("int_events__conversions") }}
),

sales as (
    select
        conversion_id,
        conversion_at as sold_at,
        {{ comparable_id("transaction_id") }} as comparable_id
    from {{ ref("int_conversions__unioned") }}
    where transaction_id is not null
    union all
    select
        conversion_id,
        conversion_at as sold_at,
        {{ comparable_id("other_transaction_id") }} as comparable_id
    from {{ ref("int_conversions__unioned") }}
    where other_transaction_id is not null
),

seen as (
    select distinct
        events.destination,
        events.account_id,
        events.action,
        events.event_id
    from events
    inner join browser_sales
        on
            events.comparable_id = browser_sales.comparable_id
            and browser_sales.sold_at
            between coalesce(events.event_at, events.sent_at) - interval '10 days'
            and coalesce(events.event_at, events.sent_at) + interval '10 days'
),

sold as (
    select
        events.destination,
        events.account_id,
        events.action,
        events.event_id,
        sales.conversion_id
    from events
    inner join sales
        on
            events.comparable_id = sales.comparable_id
            and sales.sold_at
            between coalesce(events.event_at, events.sent_at) - interval '10 days'
            and coalesce(events.event_at, events.sent_at) + interval '10 days'
    qualify
        row_number() over (
            partition by events.destination, events.account_id, events.action, events.event_id
            order by
                abs({{ seconds_between(
                    "sales.sold_at", "coalesce(events.event_at, events.sent_at)"
                ) }}),
                sales.conversion_id
        ) = 1
),

final as (
    select
        events.source,
        events.destination,
        events.account_id,
        events.action,
        events.event_id,
        events.has_event_id,
        events.transaction_id,
        events.transaction_count,
        sold.conversion_id,
        events.event_at,
        events.is_clock_wrong,
        events.sent_at,
        events.sent_date,
        events.attempt_count,
        events.is_test,
        events.outcome in ('accepted', 'received') as is_received,
        case
            when events.outcome != 'received' then events.outcome
            when given.verdict in ('accepted', 'rejected') then given.verdict
            else 'unknown'
        end as outcome,
        case
            when events.outcome = 'accepted' then 1.0
            when events.outcome = 'rejected' then 0.0
            when events.outcome = 'received' and given.verdict = 'accepted' then 1.0
            when events.outcome = 'received' and given.verdict = 'rejected' then 0.0
            -- Where one of the two is not known, neither is the share.
            when
                events.outcome = 'received'
                and given.verdict = 'partial'
                and given.rejected_events is not null
                then
                    1.0
                    - least(given.rejected_events, given.event_count)
                    / nullif(given.event_count, 0)
        end as accepted_share,
        case
            when events.outcome = 'rejected' then events.error_code
            when events.outcome = 'received' and given.verdict = 'rejected'
                then given.reason_code
        end as error_code,
        case when events.outcome = 'rejected' then events.error_subcode end as error_subcode,
        case
            when events.outcome = 'rejected' then events.reason
            when events.outcome = 'received' and given.verdict = 'rejected' then given.reason
        end as reason,
        events.request_id,
        events.has_email,
        events.has_phone,
        events.has_address,
        events.has_external_id,
        events.has_browser_id,
        events.has_ip,
        events.is_hashed,
        events.click_id_kinds,
        events.has_ads_consent,
        events.has_personalization_consent,
        -- An event without a sale's id has no twin that could be found.
        case
            when events.transaction_id is not null then sold.conversion_id is not null
            when sold.conversion_id is not null then true
        end as has_order,
        case
            when seen.event_id is not null then true
            when events.transaction_id is not null and browsers.are_seen then false
        end as has_browser_event,
        events.currency_code,
        events.amount_local,
        cast(
            case
                when events.currency_code = settings.reporting_currency or events.amount_local = 0
                    then events.amount_local
                else {{ convert_amount(
                    "events.amount_local", "rates.units_local", "rates.units_reporting"
                ) }}
            end as decimal(38, 6)
        ) as amount,
        events._rows,
        events._day,
        events._load_id
    from events
    cross join settings
    cross join browsers
    left join given
        on
            events.destination = given.destination
            and events.account_id = given.account_id
            and events.request_id = given.request_id
            and events.action = given.action
    left join seen
        on
            events.destination = seen.destination
            and events.account_id = seen.account_id
            and events.action = seen.action
            and events.event_id = seen.event_id
    left join sold
        on
            events.destination = sold.destination
            and events.account_id = sold.account_id
            and events.action = sold.action
            and events.event_id = sold.event_id
    left join rates
        on events.sent_date = rates.date_day and events.currency_code = rates.currency_code
)

select * from final
