{{ config(materialized="table") }}

-- Events of goals with their amount in the reporting currency, null where it has no currency or
-- none with a rate: `reason` says so. A transaction id counts once over all of history, at its
-- first event: reloaded pages and bots send it again, even months later. The repeats stay as
-- evidence.
with events as (
    select * from {{ ref("int_events__mapped") }}
    -- A witness that says the same twice is one witness.
    qualify row_number() over (partition by source, event_key order by record_date) = 1
),

rates as (
    select
        date_day,
        currency_code,
        units_local,
        units_reporting
    from {{ ref("int_exchange_rates__carried") }}
),

mappings as (
    select
        goal_mappings.source,
        goal_mappings.selector,
        goal_mappings.goal,
        goals.tier,
        goals.counts_as_revenue
    from {{ source("company", "goal_mappings") }} as goal_mappings
    inner join {{ source("company", "goals") }} as goals on goal_mappings.goal = goals.goal
    qualify
        row_number() over (
            partition by goal_mappings.source, goal_mappings.selector order by goal_mappings.goal
        ) = 1
),

final as (
    select
        events.source,
        events.stream,
        events.event_key,
        events.event_name,
        case
            when events.event_name = 'purchase' or mappings.counts_as_revenue then 'order'
            else 'lead'
        end as journey_type,
        mappings.goal,
        mappings.tier,
        events.event_at,
        events.event_date,
        events.client_id,
        events.user_id,
        events.session_key,
        ltrim(events.transaction_id, '#') as transaction_id,
        events.amount_local,
        events.currency_code,
        {{ convert_amount(
            "events.amount_local", "rates.units_local", "rates.units_reporting"
        ) }} as amount,
        case
            when events.amount_local = 0 or events.amount_local is null then null
            when events.currency_code is null then 'no currency'
            when rates.currency_code is null then 'no exchange rate for ' || events.currency_code
        end as reason,
        events.session_source,
        events.session_medium,
        events.session_campaign_name,
        events.session_campaign_id,
        events.has_analytics_consent,
        events.has_ads_consent,
        events.transaction_id is not null
        and row_number() over (
            partition by events.source, events.event_name, events.transaction_id
            order by events.event_at, events.event_key
        ) > 1 as is_repeat,
        events._rows,
        events.record_date,
        events._load_id
    from events
    inner join mappings
        on events.source = mappings.source and events.event_name = mappings.selector
    left join rates
        on events.event_date = rates.date_day and events.currency_code = rates.currency_code
)

select * from final
