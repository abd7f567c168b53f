with source as (
    select * from {{ source("raw_files", "touches") }}
    qualify {{ is_newest(["feed", "touch_id"]) }}
),

settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

final as (
    select
        'files' as source,
        'touches' as stream,
        source.feed as account_id,
        'touch:' || source.feed || ':' || source.touch_id as record_id,
        coalesce(
            source.touch_at, {{ day_start("source.touch_date", "settings.reporting_zone") }}
        ) as touch_at,
        source.person_id_hmac as customer_key,
        {{ said_word("source.click_id") }} as click_id,
        {{ said_click_kind("source.click_id", "source.click_id_kind") }} as click_id_kind,
        lower(source.touch_source) as utm_source,
        lower(source.touch_medium) as utm_medium,
        source.touch_campaign as utm_campaign,
        source.referrer,
        source.landing_page,
        {{ spelt_platform("source.platform") }} as platform,
        {{ spelt_account("source.platform", "source.account_id") }} as ad_account_id,
        {{ spelt_id("source.campaign_id") }} as campaign_id,
        cast(1 as bigint) as _rows,
        source._day,
        source._load_id
    from source
    cross join settings
)

select * from final
