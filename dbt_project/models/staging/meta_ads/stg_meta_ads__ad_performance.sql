with source as (
    select * from {{ source("raw_meta_ads", "ad_performance") }}
),

final as (
    select
        'meta_ads' as source,
        'ad_performance' as stream,
        cast(null as {{ dbt.type_string() }}) as feed,
        'ad' as level,
        'meta_ads' as platform,
        'act_' || account_id as account_id,
        campaign_id,
        adset_id as ad_group_id,
        ad_id,
        campaign_name,
        date_start as ad_date,
        account_currency as currency_code,
        impressions,
        clicks,
        cast(spend as decimal(38, 6)) as spend_amount_local,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from source
)

select * from final
