-- What a publisher costs and how many clicks it sent. The vendor has no ad groups: in their place
-- stands what a row is of.
with events as (
    select * from {{ ref("stg_awin__commission_events") }}
),

publisher_days as (
    select * from {{ source("raw_awin", "publisher_days") }}
),

commissions as (
    select
        stream,
        advertiser_id as account_id,
        publisher_id as campaign_id,
        kind as ad_group_id,
        max(site_name) as campaign_name,
        event_date as ad_date,
        currency_code,
        cast(null as bigint) as clicks,
        cast(sum(amount_local) as decimal(38, 6)) as spend_amount_local,
        cast(sum(_rows) as bigint) as _rows,
        _day,
        _load_id
    from events
    group by all
),

clicks as (
    select
        'publisher_days' as stream,
        advertiser_id as account_id,
        publisher_id as campaign_id,
        case campaign when '' then 'clicks' else 'clicks of ' || campaign end as ad_group_id,
        publisher_name as campaign_name,
        date as ad_date,
        cast(null as {{ dbt.type_string() }}) as currency_code,
        clicks,
        cast(0 as decimal(38, 6)) as spend_amount_local,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from publisher_days
),

unioned as (
    select * from commissions
    union all
    select * from clicks
),

final as (
    select
        'awin' as source,
        stream,
        cast(null as {{ dbt.type_string() }}) as feed,
        'ad' as level,
        'awin' as platform,
        account_id,
        campaign_id,
        ad_group_id,
        cast(null as {{ dbt.type_string() }}) as ad_id,
        campaign_name,
        ad_date,
        currency_code,
        cast(null as bigint) as impressions,
        clicks,
        spend_amount_local,
        _rows,
        _day,
        _load_id
    from unioned
)

select * from final
