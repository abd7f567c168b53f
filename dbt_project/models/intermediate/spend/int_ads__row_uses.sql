{{ config(materialized="table") }}

-- How many rows of the ad platforms' streams arrived in the marts, looked for there by their keys,
-- so that a row dropped anywhere on the way is missed here.
with campaigns as (
    select
        listed.source,
        listed.stream,
        listed._day as day,
        dim.campaign_id is not null as is_used,
        listed._rows as row_count,
        cast(null as decimal(18, 6)) as money
    from {{ ref("shape_campaigns") }} as listed
    inner join {{ source("trueup", "landed_days") }} as landed_days
        on
            listed.source = landed_days.source
            and listed.stream = landed_days.stream
            and listed._load_id = landed_days.load_id
            and listed._day = landed_days.day
    left join (
        select distinct
            platform,
            account_id,
            campaign_id
        from {{ ref("dim_campaign") }}
    ) as dim
        on
            listed.platform = dim.platform
            and listed.campaign_id = dim.campaign_id
            and coalesce(listed.account_id, dim.account_id) = dim.account_id
    where landed_days.is_current
),

ads as (
    select
        listed.source,
        listed.stream,
        listed._day as day,
        dim.creative_key is not null as is_used,
        listed._rows as row_count,
        cast(null as decimal(18, 6)) as money
    from {{ ref("shape_ads") }} as listed
    inner join {{ source("trueup", "landed_days") }} as landed_days
        on
            listed.source = landed_days.source
            and listed.stream = landed_days.stream
            and listed._load_id = landed_days.load_id
            and listed._day = landed_days.day
    left join {{ ref("dim_creative") }} as dim
        on
            listed.platform = dim.platform
            and coalesce(listed.account_id, dim.account_id) = dim.account_id
            and coalesce(listed.ad_group_id, '') = coalesce(dim.ad_group_id, '')
            and listed.ad_id = dim.ad_id
    where landed_days.is_current and listed._rows > 0
),

definitions as (
    select
        defined.source,
        defined.stream,
        defined._day as day,
        dim.action_id is not null as is_used,
        defined._rows as row_count,
        cast(null as decimal(18, 6)) as money
    from {{ ref("shape_claim_definitions") }} as defined
    left join {{ ref("dim_claim_action") }} as dim
        on
            defined.source = dim.source
            and defined.platform = dim.platform
            and coalesce(defined.account_id, '(unknown)') = dim.account_id
            and defined.action_id = dim.action_id
            and dim.is_defined
),

settings as (
    select
        stated.source,
        stated.stream,
        stated._day as day,
        shown.setting is not null as is_used,
        stated._rows as row_count,
        cast(null as decimal(18, 6)) as money
    from {{ ref("shape_settings") }} as stated
    inner join {{ ref("int_settings__loads_in_force") }} as in_force
        on
            stated.source = in_force.source
            and stated.stream = in_force.stream
            and stated._load_id = in_force.load_id
    left join {{ ref("fct_account_settings") }} as shown
        on
            stated.source = shown.source
            and coalesce(stated.account_id, '') = coalesce(shown.account_id, '')
            and stated.object_type = shown.object_type
            and stated.object_id = shown.object_id
            and stated.setting = shown.setting
),

searches as (
    select
        searched.source,
        searched.stream,
        searched._day as day,
        shown.page is not null
        and (searched.spend_amount is not null or searched.spend_amount_local is null) as is_used,
        searched._rows as row_count,
        cast(searched.spend_amount_local as decimal(38, 6)) as money
    from {{ ref("int_searches__classed") }} as searched
    left join {{ ref("fct_search_daily") }} as shown
        on
            searched.search_date = shown.report_date
            and searched.query_class = shown.query_class
            and searched.page = shown.page
            and searched.impressions <= case
                when searched.is_paid then shown.paid_impressions
                else shown.organic_impressions
            end
),

server_events as (
    select
        events.source,
        events.stream,
        events._day as day,
        shown.event_id is not null as is_used,
        events._rows as row_count,
        cast(null as decimal(18, 6)) as money
    from {{ ref("shape_server_events") }} as events
    left join {{ ref("fct_server_events") }} as shown
        on
            events.destination = shown.destination
            and events.account_id = shown.account_id
            and events.action = shown.action
            and events.event_id = shown.event_id
),

server_event_verdicts as (
    select
        verdicts.source,
        verdicts.stream,
        verdicts._day as day,
        shown.request_id is not null as is_used,
        verdicts._rows as row_count,
        cast(null as decimal(18, 6)) as money
    from {{ ref("shape_server_event_verdicts") }} as verdicts
    left join (
        select distinct
            destination,
            account_id,
            request_id
        from {{ ref("fct_server_events") }}
    ) as shown
        on
            verdicts.destination = shown.destination
            and verdicts.account_id = shown.account_id
            and verdicts.request_id = shown.request_id
),

server_event_quality as (
    select
        quality.source,
        quality.stream,
        quality._day as day,
        shown.action is not null as is_used,
        quality._rows as row_count,
        cast(null as decimal(18, 6)) as money
    from {{ ref("shape_server_event_quality") }} as quality
    left join {{ ref("fct_server_events_daily") }} as shown
        on
            quality.destination = shown.destination
            and quality.account_id = shown.account_id
            and quality.action = shown.action
            and quality.observed_date = shown.report_date
            and quality.match_quality is not distinct from shown.match_quality
),

unioned as (
    select * from {{ ref("int_ad_performance__used") }}
    union all
    select * from {{ ref("int_claims__used") }}
    union all
    select * from campaigns
    union all
    select * from ads
    union all
    select * from definitions
    union all
    select * from settings
    union all
    select * from searches
    union all
    select * from server_events
    union all
    select * from server_event_verdicts
    union all
    select * from server_event_quality
),

final as (
    select
        source,
        stream,
        day,
        cast(sum(row_count) as bigint) as used_rows,
        cast(sum(money) as decimal(38, 6)) as used_money
    from unioned
    where is_used
    group by source, stream, day
)

select * from final
