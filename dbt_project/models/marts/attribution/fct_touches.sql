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

aliases as (
    select * from {{ ref("int_campaigns__aliases") }}
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

-- The platform's own record of a click is better evidence than what the link says, an id in the
-- link better than a name.
resolved as (
    select
        affected.*,
        case
            when clicks.click_id is not null then 'google_ads'
            when by_id.alias is not null then by_id.platform
            when by_name.alias is not null then by_name.platform
            when affected.record_platform is not null then affected.record_platform
            when affected.click_id_kind = 'gclid' then 'google_ads'
        end as platform,
        coalesce(
            clicks.campaign_id, by_id.campaign_id, by_name.campaign_id, affected.record_campaign_id
        ) as campaign_id,
        clicks.ad_group_id,
        clicks.ad_id
    from affected
    left join clicks
        on
            affected.click_id = clicks.click_id
            and affected.record_date >= {{ add_days("clicks.click_date", -1) }}
    left join aliases as by_id on affected.link_campaign_id = by_id.alias
    left join aliases as by_name on affected.campaign_alias = by_name.alias
),

keyed as (
    select
        *,
        {{ hash_key(["source", "medium", "campaign_name", "click_id_kind", "platform"]) }}
            as input_key
    from resolved
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
        keyed.platform,
        campaign_channels.account_id,
        keyed.campaign_id,
        keyed.ad_group_id,
        keyed.ad_id,
        keyed.source,
        keyed.medium,
        keyed.campaign_name,
        keyed.click_id,
        keyed.click_id_kind,
        keyed.source = '(direct)' and keyed.platform is null as is_direct,
        keyed.landing_page,
        keyed.has_analytics_consent,
        keyed.has_ads_consent,
        keyed.device_category,
        keyed.country
    from keyed
    cross join settings
    inner join ruled on keyed.input_key = ruled.input_key
    left join campaign_channels
        on
            keyed.platform = campaign_channels.platform
            and keyed.campaign_id = campaign_channels.campaign_id
)

select * from final
