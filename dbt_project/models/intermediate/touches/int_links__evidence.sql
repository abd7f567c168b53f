{{ config(materialized="table") }}

-- A company's own pages, on whatever host or subdomain, send it nobody; nor do pages on which its
-- visitors pay or log in, or tools in which it looks at its pages itself.
with said as (
    select
        link_key,
        min(manual_source) as manual_source,
        min(manual_medium) as manual_medium,
        min(manual_campaign_name) as manual_campaign_name,
        min(manual_campaign_id) as manual_campaign_id,
        min(click_id_kind) as click_id_kind,
        min(foreign_host) as foreign_host,
        min(ad_campaign_id) as ad_campaign_id,
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
        ad_campaign_id,
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
        ad_campaign_id,
        record_platform,
        record_account_id,
        record_campaign_id
    from {{ ref("int_touches__from_files") }}
),

referrers as (
    select * from {{ ref("int_referrers") }}
),

own_hosts as (
    select host from {{ ref("int_hosts__own") }}
),

hosts as (
    select distinct foreign_host as name
    from said
    where foreign_host is not null
),

known as (
    {{ match_referrers("hosts", "referrers") }}
),

unsent as (
    select distinct hosts.name
    from hosts
    left join own_hosts
        on hosts.name = own_hosts.host or hosts.name like '%.' || own_hosts.host
    left join known on hosts.name = known.name
    where own_hosts.host is not null or known.kind in ('payment', 'login', 'preview')
),

final as (
    select
        said.link_key,
        said.manual_source,
        said.manual_medium,
        said.manual_campaign_name,
        said.manual_campaign_id,
        said.click_id_kind,
        case when unsent.name is null then said.foreign_host end as referrer_host,
        said.ad_campaign_id,
        said.record_platform,
        said.record_account_id,
        said.record_campaign_id
    from said
    left join unsent on said.foreign_host = unsent.name
)

select * from final
