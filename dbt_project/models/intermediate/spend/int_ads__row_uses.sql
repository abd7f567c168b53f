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

unioned as (
    select * from {{ ref("int_ad_performance__used") }}
    union all
    select * from {{ ref("int_claims__used") }}
    union all
    select * from campaigns
    union all
    select * from definitions
    union all
    select * from settings
    union all
    select * from searches
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
