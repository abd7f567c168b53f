{{ config(materialized="table") }}

-- Everything that converted, whatever system wrote it down, with its goal, its day and the journey
-- it ended. `is_due` is false where a source is ahead of the mart: what it says of days after the
-- last one waits for its day. `is_beyond` is what cannot have happened when it was landed.
with records as (
    select
        *,
        coalesce(
            click_id, utm_source, utm_campaign, referrer, landing_page, platform, campaign_id
        ) is not null as has_origin
    from (
        select * from {{ ref("int_conversions__from_orders") }}
        union all
        select * from {{ ref("int_conversions__from_bookings") }}
        union all
        select * from {{ ref("int_conversions__from_deals") }}
        union all
        select * from {{ ref("int_conversions__from_leads") }}
    ) as unioned
),

settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

covered as (
    select through_date from {{ ref("int_builds__covered") }}
),

loads as (
    select
        load_id,
        committed_at
    from {{ source("trueup", "applied_loads") }}
),

goals as (
    select
        goal,
        tier,
        counts_as_revenue,
        margin_ratio
    from {{ source("company", "goals") }}
),

mappings as (
    select
        source,
        selector,
        min(goal) as goal
    from {{ source("company", "goal_mappings") }}
    group by source, selector
),

leads as (
    select
        source,
        record_id,
        coalesce(journey_key, record_id) as journey_key
    from {{ ref("shape_leads") }}
),

people as (
    select * from {{ ref("int_journeys__people") }}
),

-- Leads and deals of a person end one journey, and so does an order that came of a lead.
keyed as (
    select
        records.*,
        coalesce(records.journey_key, leads.journey_key) as shared_key,
        case
            when not records.has_origin then coalesce(records.journey_key, leads.journey_key)
        end as origin_key,
        coalesce(records.goal, mappings.goal) as own_goal
    from records
    left join leads
        on records.source = leads.source and records.lead_record_id = leads.record_id
    left join mappings
        on records.source = mappings.source and records.selector = mappings.selector
),

final as (
    select
        keyed.source || ':' || keyed.record_id as conversion_id,
        keyed.source,
        keyed.stream,
        keyed.record_type,
        keyed.record_id,
        keyed.source || ':' || coalesce(keyed.shared_key, keyed.record_id) as journey_id,
        coalesce(goals.goal, '(unmapped)') as goal,
        coalesce(
            goals.tier, case keyed.record_type when 'lead' then 'weak' else 'strong' end
        ) as tier,
        coalesce(goals.counts_as_revenue, true) as counts_as_revenue,
        goals.margin_ratio,
        keyed.status,
        keyed.conversion_at,
        {{ local_date("keyed.conversion_at", "settings.reporting_zone") }} as conversion_date,
        keyed.started_at,
        coalesce(people.asked_at, keyed.started_at) as journey_end_at,
        coalesce(people.is_time_known, keyed.is_time_known) as is_journey_time_known,
        keyed.is_time_known,
        keyed.is_web,
        keyed.transaction_id,
        keyed.other_transaction_id,
        keyed.record_amount_local,
        keyed.shipping_amount_local,
        keyed.currency_code,
        coalesce(keyed.customer_key, people.customer_key) as customer_key,
        coalesce(keyed.click_id, origins.click_id) as click_id,
        coalesce(keyed.click_id_kind, origins.click_id_kind) as click_id_kind,
        coalesce(keyed.utm_source, origins.utm_source) as utm_source,
        coalesce(keyed.utm_medium, origins.utm_medium) as utm_medium,
        coalesce(keyed.utm_campaign, origins.utm_campaign) as utm_campaign,
        coalesce(keyed.referrer, origins.referrer) as referrer,
        coalesce(keyed.landing_page, origins.landing_page) as landing_page,
        coalesce(keyed.platform, origins.platform) as platform,
        coalesce(keyed.ad_account_id, origins.ad_account_id) as ad_account_id,
        coalesce(keyed.campaign_id, origins.campaign_id) as campaign_id,
        {{ local_date("keyed.conversion_at", "settings.reporting_zone") }}
        <= covered.through_date as is_due,
        {{ is_beyond(
            local_date("keyed.conversion_at", "settings.reporting_zone"),
            "covered.through_date",
            local_date("loads.committed_at", "settings.reporting_zone"),
        ) }} as is_beyond,
        keyed._rows,
        keyed._day,
        keyed._load_id
    from keyed
    cross join settings
    cross join covered
    left join loads on keyed._load_id = loads.load_id
    left join goals on keyed.own_goal = goals.goal
    left join people
        on keyed.source = people.source and keyed.shared_key = people.journey_key
    -- A record that says nothing of where the person came from says what the person's own record
    -- does.
    left join people as origins
        on keyed.source = origins.source and keyed.origin_key = origins.journey_key
)

select * from final
