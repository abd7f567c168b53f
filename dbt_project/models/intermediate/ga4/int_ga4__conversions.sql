-- Conversion events with their amount in the reporting currency. A transaction id counts once
-- over all of history, at its first event: reloaded pages and bots send it again, even months
-- later. The repeats stay as evidence.
with events as (
    select * from {{ ref("int_ga4__conversion_events") }}
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
        goal_mappings.selector,
        goal_mappings.goal,
        goals.tier
    from {{ source("company", "goal_mappings") }} as goal_mappings
    inner join {{ source("company", "goals") }} as goals on goal_mappings.goal = goals.goal
    where goal_mappings.source = 'ga4'
    qualify
        row_number() over (partition by goal_mappings.selector order by goal_mappings.goal) = 1
),

final as (
    select
        events.event_key,
        case events.event_name when 'purchase' then 'order' else 'lead' end as journey_type,
        mappings.goal,
        mappings.tier,
        events.event_at,
        events.event_date,
        events.client_id,
        events.user_id,
        events.session_key,
        ltrim(events.transaction_id, '#') as transaction_id,
        events.purchase_amount_local as amount_local,
        events.currency_code,
        {{ convert_amount(
            "events.purchase_amount_local", "rates.units_local", "rates.units_reporting"
        ) }} as amount,
        events.session_source,
        events.session_medium,
        events.session_campaign_name,
        events.session_campaign_id,
        events.has_analytics_consent,
        events.has_ads_consent,
        events.transaction_id is not null
        and row_number() over (
            partition by events.event_name, events.transaction_id
            order by events.event_at, events.event_key
        ) > 1 as is_repeat
    from events
    inner join mappings on events.event_name = mappings.selector
    left join rates
        on events.event_date = rates.date_day and events.currency_code = rates.currency_code
)

select * from final
