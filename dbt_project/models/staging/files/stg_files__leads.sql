-- `origin` is the channel a file names: channel rules match it as both source and medium.
with source as (
    select * from {{ source("raw_files", "leads") }}
    qualify {{ is_newest(["feed", "lead_id"]) }}
),

settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

selectors as (
    select
        feed,
        selector
    from {{ ref("stg_files__selectors") }}
    where stream = 'leads'
),

final as (
    select
        'files' as source,
        'leads' as stream,
        source.feed as account_id,
        'lead:' || source.feed || ':' || source.lead_id as record_id,
        'lead:' || source.feed || ':' || source.lead_id as journey_key,
        coalesce(
            source.created_at, {{ day_start("source.created_date", "settings.reporting_zone") }}
        ) as created_at,
        source.created_at is not null as is_time_known,
        selectors.selector,
        source.goal,
        source.person_id_hmac as customer_key,
        {{ said_word("source.click_id") }} as click_id,
        {{ said_click_kind("source.click_id", "source.click_id_kind") }} as click_id_kind,
        lower(coalesce(source.utm_source, source.origin)) as utm_source,
        lower(
            case when source.utm_source is null then source.origin else source.utm_medium end
        ) as utm_medium,
        source.utm_campaign,
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
    left join selectors on source.feed = selectors.feed
)

select * from final
