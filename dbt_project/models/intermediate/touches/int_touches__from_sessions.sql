-- Where a session came from by its own evidence: the link it followed, else the page before it.
with sessions as (
    select
        *,
        nullif(
            regexp_extract(
                referrer_host,
                '(?:^|[.])(google|bing|duckduckgo|yahoo|ecosia|qwant|yandex|baidu)[.]',
                1
            ),
            ''
        ) as search_engine,
        case when referrer_host != landing_host then referrer_host end as foreign_host
    from {{ ref("int_ga4__sessions") }}
),

final as (
    select
        touch_id,
        'ga4_session' as touch_type,
        record_date,
        session_at as touch_at,
        session_key,
        client_id,
        user_id,
        cast(null as varchar) as journey_id,
        case
            when manual_source is not null then lower(manual_source)
            when click_id_kind = 'gclid' then 'google'
            when search_engine is not null then search_engine
            when foreign_host is not null then foreign_host
            else '(direct)'
        end as source,
        case
            when manual_source is not null then lower(coalesce(manual_medium, '(not set)'))
            when click_id_kind = 'gclid' then 'cpc'
            when search_engine is not null then 'organic'
            when foreign_host is not null then 'referral'
            else '(none)'
        end as medium,
        manual_campaign_name as campaign_name,
        manual_campaign_id as link_campaign_id,
        campaign_alias,
        click_id,
        click_id_kind,
        cast(null as varchar) as record_platform,
        cast(null as varchar) as record_campaign_id,
        landing_page,
        has_analytics_consent,
        has_ads_consent,
        device_category,
        country
    from sessions
)

select * from final
