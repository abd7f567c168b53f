{{ config(
    materialized="incremental",
    incremental_strategy="replace_days",
    on_schema_change="fail",
    meta={
        "replaced_from": "int_touches__affected_days",
        "replaced_columns": ["touch_type", "record_date"],
    },
) }}

with affected_days as (
    select
        touch_type,
        record_date
    from {{ ref("int_touches__affected_days") }}
),

settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

rules as (
    select * from {{ source("company", "channel_rules") }}
),

clicks as (
    select * from {{ ref("int_google_ads__clicks") }}
),

campaign_ids as (
    select * from {{ ref("int_campaigns__ids") }}
),

campaign_names as (
    select * from {{ ref("int_campaigns__names") }}
),

campaign_channels as (
    select * from {{ ref("int_campaigns__channels") }}
),

touches as (
    select * from {{ ref("int_touches__from_sessions") }}
    union all
    select * from {{ ref("int_touches__from_records") }}
),

affected as (
    select * from touches
    {% if is_incremental() %}
        where
            (touch_type, record_date) in (
                select
                    touch_type,
                    record_date
                from affected_days
            )
    {% endif %}
),

-- The platform's own record of a click is better evidence than what the link says.
told as (
    select
        affected.*,
        case
            when clicks.click_id is not null then 'google_ads'
            when campaign_ids.campaign_id is not null then campaign_ids.platform
            when affected.record_platform is not null then affected.record_platform
            when affected.click_id_kind = 'gclid' then 'google_ads'
        end as platform,
        coalesce(
            clicks.campaign_id, campaign_ids.campaign_id, affected.record_campaign_id
        ) as campaign_id,
        clicks.ad_group_id,
        clicks.ad_id,
        case
            when clicks.click_id is not null then 'click_id'
            when campaign_ids.campaign_id is not null then 'link_id'
            when affected.record_campaign_id is not null then 'record_id'
        end as match_method
    from affected
    left join clicks
        on
            affected.click_id = clicks.click_id
            and affected.record_date >= {{ add_days("clicks.click_date", -1) }}
    left join campaign_ids on affected.link_campaign_id = campaign_ids.campaign_id
),

keyed as (
    select
        *,
        {{ hash_key(["source", "medium", "campaign_name", "click_id_kind", "platform"]) }}
            as input_key
    from told
),

inputs as (
    select distinct
        input_key,
        source,
        medium,
        coalesce(campaign_name, '') as campaign_name,
        click_id_kind,
        platform,
        cast(null as varchar) as campaign_type
    from keyed
),

ruled as (
    {{ match_channel_rules("inputs", "rules") }}
),

-- A name alone means a campaign only of the platform it came by, and only where the visit was
-- paid for: newsletters and posts are called like the campaigns they go with.
only_named as (
    select
        keyed.touch_id as input_key,
        coalesce(keyed.platform, {{ ad_platform("keyed.source") }}) as platform,
        keyed.campaign_alias as alias,
        keyed.touch_at as named_at
    from keyed
    inner join ruled on keyed.input_key = ruled.input_key
    where keyed.campaign_id is null and keyed.campaign_alias is not null and ruled.is_paid
),

named as (
    {{ match_campaign_names("only_named", "campaign_names") }}
),

resolved as (
    select
        keyed.touch_id,
        case
            when named.campaign_id is null then keyed.platform
            else only_named.platform
        end as platform,
        coalesce(keyed.campaign_id, named.campaign_id) as campaign_id,
        coalesce(keyed.match_method, named.match_method, 'none') as match_method
    from keyed
    left join only_named on keyed.touch_id = only_named.input_key
    left join named on keyed.touch_id = named.input_key
),

final as (
    select
        keyed.touch_id,
        keyed.touch_type,
        keyed.touch_at,
        {{ local_date("keyed.touch_at", "settings.reporting_zone") }} as touch_date,
        keyed.record_date,
        keyed.session_key,
        keyed.client_id,
        keyed.user_id,
        keyed.journey_id,
        coalesce(campaign_channels.channel, ruled.channel) as channel,
        resolved.platform,
        campaign_channels.account_id,
        resolved.campaign_id,
        keyed.ad_group_id,
        keyed.ad_id,
        resolved.match_method as campaign_match_method,
        cast(
            case resolved.match_method
                when 'none' then 0
                when 'campaign_name' then 0.80
                when 'link_name' then 0.70
                when 'former_name' then 0.60
                else 1
            end as decimal(3, 2)
        ) as campaign_match_confidence,
        keyed.source,
        keyed.medium,
        keyed.campaign_name,
        keyed.click_id,
        keyed.click_id_kind,
        keyed.source = '(direct)' and resolved.platform is null as is_direct,
        keyed.landing_page,
        keyed.has_analytics_consent,
        keyed.has_ads_consent,
        keyed.device_category,
        keyed.country
    from keyed
    cross join settings
    inner join resolved on keyed.touch_id = resolved.touch_id
    inner join ruled on keyed.input_key = ruled.input_key
    left join campaign_channels
        on
            resolved.platform = campaign_channels.platform
            and resolved.campaign_id = campaign_channels.campaign_id
)

select * from final
