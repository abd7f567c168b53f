{{ config(materialized="table") }}

-- The few hundred ways in which links and pages say where a visit came from, read once for all the
-- visits that say the same: the link's own words, else a click that was paid for, else the platform
-- a record names, else the page before it, else a click id that proves no payment, else nothing.
with evidence as (
    select
        link_key,
        min(manual_source) as manual_source,
        min(manual_medium) as manual_medium,
        min(manual_campaign_name) as manual_campaign_name,
        min(manual_campaign_id) as manual_campaign_id,
        min(click_id_kind) as click_id_kind,
        min(foreign_host) as foreign_host,
        cast(null as {{ dbt.type_string() }}) as record_platform,
        cast(null as {{ dbt.type_string() }}) as record_account_id,
        cast(null as {{ dbt.type_string() }}) as record_campaign_id
    from {{ ref("int_sessions") }}
    group by link_key
    union
    select
        link_key,
        manual_source,
        manual_medium,
        manual_campaign_name,
        manual_campaign_id,
        click_id_kind,
        foreign_host,
        record_platform,
        record_account_id,
        record_campaign_id
    from {{ ref("int_touches__from_records") }}
    union
    select
        link_key,
        manual_source,
        manual_medium,
        manual_campaign_name,
        manual_campaign_id,
        click_id_kind,
        foreign_host,
        record_platform,
        record_account_id,
        record_campaign_id
    from {{ ref("int_touches__from_files") }}
),

own_hosts as (
    select host from {{ source("company", "own_hosts") }}
),

platforms as (
    select
        click_id_kind,
        min(platform) as platform,
        min(link_source) as link_source,
        bool_or(is_click_paid) as is_click_paid
    from {{ source("trueup", "ad_platforms") }}
    where click_id_kind is not null
    group by click_id_kind
),

-- A company's own pages, on whatever host or subdomain, send it nobody.
own_links as (
    select distinct evidence.link_key
    from evidence
    inner join own_hosts
        on
            evidence.foreign_host = own_hosts.host
            or evidence.foreign_host like '%.' || own_hosts.host
),

referred as (
    select
        evidence.*,
        case when own_links.link_key is null then evidence.foreign_host end as referrer_host,
        platforms.platform as click_platform,
        platforms.link_source as click_source,
        coalesce(platforms.is_click_paid, false) as is_click_paid
    from evidence
    left join own_links on evidence.link_key = own_links.link_key
    left join platforms on evidence.click_id_kind = platforms.click_id_kind
),

searched as (
    select
        *,
        nullif(
            regexp_extract(
                referrer_host,
                '(?:^|[.])(google|bing|duckduckgo|yahoo|ecosia|qwant|yandex|baidu)[.]',
                1
            ),
            ''
        ) as search_engine
    from referred
),

final as (
    select
        link_key,
        case
            when manual_source is not null then lower(manual_source)
            when is_click_paid then click_source
            when record_platform is not null then record_platform
            when referrer_host is not null then coalesce(search_engine, referrer_host)
            when click_id_kind is not null then coalesce(click_source, click_id_kind)
            else '(direct)'
        end as source,
        case
            when manual_source is not null then lower(coalesce(manual_medium, '(not set)'))
            when is_click_paid or record_platform is not null then 'cpc'
            when search_engine is not null then 'organic'
            when referrer_host is not null or click_id_kind is not null then 'referral'
            else '(none)'
        end as medium,
        manual_campaign_name as campaign_name,
        {{ slug("manual_campaign_name") }} as campaign_alias,
        manual_campaign_id as link_campaign_id,
        click_id_kind,
        case when is_click_paid then click_platform end as click_platform,
        record_platform,
        record_account_id,
        record_campaign_id
    from searched
)

select * from final
