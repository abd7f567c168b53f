with settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

goals as (
    select
        selector,
        min(goal) as goal
    from {{ source("company", "goal_mappings") }}
    where source = 'files'
    group by selector
),

leads as (
    select
        feed,
        lead_id,
        created_date,
        origin,
        platform,
        campaign_id,
        goal,
        _load_id
    from {{ ref("stg_files__leads") }}
),

records as (
    select
        'files:' || feed || ':' || order_id as record_id,
        'orders' as stream,
        'order' as record_type,
        feed,
        order_id as transaction_id,
        lead_id,
        ordered_at as conversion_at,
        ordered_date as conversion_day,
        amount_local,
        currency_code,
        goal,
        platform,
        campaign_id,
        _load_id
    from {{ ref("stg_files__orders") }}
    union all
    select
        'files_deal:' || feed || ':' || deal_id as record_id,
        'deals' as stream,
        'deal' as record_type,
        feed,
        null as transaction_id,
        lead_id,
        null as conversion_at,
        won_date as conversion_day,
        amount_local,
        currency_code,
        goal,
        null as platform,
        null as campaign_id,
        _load_id
    from {{ ref("stg_files__deals") }}
    union all
    select
        'files_lead:' || feed || ':' || lead_id as record_id,
        'leads' as stream,
        'lead' as record_type,
        feed,
        null as transaction_id,
        lead_id,
        null as conversion_at,
        created_date as conversion_day,
        null as amount_local,
        null as currency_code,
        goal,
        platform,
        campaign_id,
        _load_id
    from leads
),

-- Two systems may number their leads alike: the feed's own lead comes first.
leads_of_records as (
    select
        records.record_id,
        'files_journey:' || leads.feed || ':' || leads.lead_id as journey_id,
        leads.created_date,
        leads.origin,
        leads.platform,
        leads.campaign_id
    from records
    inner join leads on records.lead_id = leads.lead_id
    qualify
        row_number() over (
            partition by records.record_id
            order by
                case when records.feed = leads.feed then 0 else 1 end,
                leads.created_date,
                leads.feed
        ) = 1
),

final as (
    select
        records.record_id as conversion_id,
        'files' as source,
        records.record_type,
        coalesce(leads.journey_id, records.record_id) as journey_id,
        coalesce(records.goal, goals.goal) as goal,
        case records.record_type when 'lead' then 'open' else 'won' end as status,
        coalesce(
            records.conversion_at,
            {{ day_start("records.conversion_day", "settings.reporting_zone") }}
        ) as conversion_at,
        coalesce(
            {{ day_start("leads.created_date", "settings.reporting_zone") }},
            records.conversion_at,
            {{ day_start("records.conversion_day", "settings.reporting_zone") }}
        ) as journey_end_at,
        records.transaction_id,
        cast(null as varchar) as other_transaction_id,
        cast(records.amount_local as decimal(18, 6)) as expected_amount_local,
        records.currency_code,
        cast(null as varchar) as click_id,
        cast(null as varchar) as click_id_kind,
        leads.origin as utm_source,
        leads.origin as utm_medium,
        cast(null as varchar) as utm_campaign,
        cast(null as varchar) as referrer,
        cast(null as varchar) as landing_page,
        coalesce(records.platform, leads.platform) as platform,
        coalesce(records.campaign_id, leads.campaign_id) as campaign_id,
        records._load_id
    from records
    cross join settings
    left join leads_of_records as leads on records.record_id = leads.record_id
    left join goals on records.stream = goals.selector
)

select * from final
