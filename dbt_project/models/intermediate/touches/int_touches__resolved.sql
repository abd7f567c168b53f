-- Every touch with the channel and campaign it reads as in this build. The platform's own record of
-- a click is better evidence than what the link says.
with touches as (
    select
        touch_id,
        'ga4_session' as touch_type,
        true as is_visit,
        record_date,
        session_at as touch_at,
        session_key,
        client_id,
        user_id,
        cast(null as {{ dbt.type_string() }}) as customer_key,
        cast(null as {{ dbt.type_string() }}) as journey_id,
        link_key,
        click_id,
        click_id_kind,
        landing_host,
        landing_page,
        has_analytics_consent,
        has_ads_consent,
        device_category,
        country,
        session_source,
        session_medium,
        session_campaign_id,
        session_ads_campaign_id,
        session_default_channel,
        first_source,
        first_medium,
        content_digest
    from {{ ref("int_sessions") }}
    union all
    select
        touch_id,
        touch_type,
        false as is_visit,
        record_date,
        touch_at,
        null as session_key,
        null as client_id,
        null as user_id,
        null as customer_key,
        journey_id,
        link_key,
        click_id,
        click_id_kind,
        landing_host,
        landing_page,
        has_analytics_consent,
        null as has_ads_consent,
        null as device_category,
        null as country,
        null as session_source,
        null as session_medium,
        null as session_campaign_id,
        null as session_ads_campaign_id,
        null as session_default_channel,
        null as first_source,
        null as first_medium,
        content_digest
    from {{ ref("int_touches__from_records") }}
    union all
    select
        touch_id,
        touch_type,
        true as is_visit,
        record_date,
        touch_at,
        null as session_key,
        null as client_id,
        null as user_id,
        customer_key,
        null as journey_id,
        link_key,
        click_id,
        click_id_kind,
        landing_host,
        landing_page,
        null as has_analytics_consent,
        null as has_ads_consent,
        null as device_category,
        null as country,
        null as session_source,
        null as session_medium,
        null as session_campaign_id,
        null as session_ads_campaign_id,
        null as session_default_channel,
        null as first_source,
        null as first_medium,
        content_digest
    from {{ ref("int_touches__from_files") }}
),

links as (
    select * from {{ ref("int_links__resolved") }}
),

clicks as (
    select
        clicks.click_id,
        clicks.click_date,
        clicks.platform,
        clicks.account_id,
        clicks.campaign_id,
        clicks.ad_group_id,
        clicks.ad_id,
        channels.channel
    from {{ ref("int_clicks__identified") }} as clicks
    left join {{ ref("int_campaigns__channels") }} as channels
        on
            clicks.platform = channels.platform
            and coalesce(clicks.account_id, '(unknown)') = channels.account_id
            and clicks.campaign_id = channels.campaign_id
),

final as (
    select
        touches.touch_id,
        touches.touch_type,
        touches.touch_at,
        touches.record_date,
        touches.session_key,
        touches.client_id,
        touches.user_id,
        touches.customer_key,
        touches.journey_id,
        case
            when clicks.click_id is null then links.channel
            else coalesce(clicks.channel, links.ruled_channel)
        end as channel,
        coalesce(clicks.platform, links.platform) as platform,
        case when clicks.click_id is null then links.account_id else clicks.account_id end
            as account_id,
        case when clicks.click_id is null then links.campaign_id else clicks.campaign_id end
            as campaign_id,
        clicks.ad_group_id,
        clicks.ad_id,
        case when clicks.click_id is null then links.match_method else 'click_id' end
            as campaign_match_method,
        links.source,
        links.medium,
        links.campaign_name,
        touches.click_id,
        touches.click_id_kind,
        touches.landing_host,
        touches.landing_page,
        touches.has_analytics_consent,
        touches.has_ads_consent,
        touches.device_category,
        touches.country,
        links.source_kind,
        links.default_channel,
        touches.session_source,
        touches.session_medium,
        touches.session_campaign_id,
        touches.session_ads_campaign_id,
        touches.session_default_channel,
        touches.first_source,
        touches.first_medium,
        touches.content_digest
    from touches
    inner join links
        on
            touches.link_key = links.link_key
            and (links.starts_at is null or touches.touch_at >= links.starts_at)
            and (links.ends_at is null or touches.touch_at < links.ends_at)
    left join clicks
        on
            touches.click_id = clicks.click_id
            and touches.record_date >= {{ add_days("clicks.click_date", -1) }}
    -- Silence of a record is not a direct visit.
    where touches.is_visit or links.source != '(direct)' or clicks.click_id is not null
)

select * from final
