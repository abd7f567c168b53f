-- What the record of a conversion itself says of where the person came from, used only where no
-- session is known. A record that says nothing makes no touch: silence is not a direct visit.
with journeys as (
    select
        *,
        {{ url_host("referrer") }} as referrer_host,
        {{ url_host("landing_page") }} as landing_host
    from {{ ref("int_journeys__unioned") }}
),

matched as (
    select
        journey_id,
        has_analytics_consent
    from {{ ref("int_journeys__matched") }}
    where session_key is null
),

evidence as (
    select
        journeys.*,
        matched.has_analytics_consent,
        nullif(
            regexp_extract(
                journeys.referrer_host,
                '(?:^|[.])(google|bing|duckduckgo|yahoo|ecosia|qwant|yandex|baidu)[.]',
                1
            ),
            ''
        ) as search_engine,
        case
            when journeys.referrer_host != coalesce(journeys.landing_host, '')
                then journeys.referrer_host
        end as foreign_host
    from journeys
    inner join matched on journeys.journey_id = matched.journey_id
),

final as (
    select
        {{ hash_key(["journey_id"]) }} as touch_id,
        case source
            when 'shopify' then 'shop_landing'
            when 'hubspot' then 'crm_click'
            else 'file_record'
        end as touch_type,
        journey_end_date as record_date,
        journey_end_at as touch_at,
        cast(null as varchar) as session_key,
        cast(null as varchar) as client_id,
        cast(null as varchar) as user_id,
        journey_id,
        case
            when utm_source is not null then lower(utm_source)
            when click_id_kind = 'gclid' then 'google'
            when click_id_kind = 'fbclid' then 'facebook'
            when platform is not null then platform
            when search_engine is not null then search_engine
            else foreign_host
        end as source,
        case
            when utm_source is not null then lower(coalesce(utm_medium, '(not set)'))
            when click_id_kind = 'gclid' then 'cpc'
            when click_id_kind = 'fbclid' then 'referral'
            when platform is not null then 'cpc'
            when search_engine is not null then 'organic'
            else 'referral'
        end as medium,
        utm_campaign as campaign_name,
        nullif(regexp_extract(landing_page, '[?&]utm_id=([^&#]+)', 1), '') as link_campaign_id,
        {{ slug("utm_campaign") }} as campaign_alias,
        click_id,
        click_id_kind,
        platform as record_platform,
        campaign_id as record_campaign_id,
        {{ url_path("landing_page") }} as landing_page,
        has_analytics_consent,
        cast(null as boolean) as has_ads_consent,
        cast(null as varchar) as device_category,
        cast(null as varchar) as country
    from evidence
    where
        utm_source is not null
        or click_id is not null
        or platform is not null
        or search_engine is not null
        or foreign_host is not null
)

select * from final
