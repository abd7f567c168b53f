with source as (
    select * from {{ source("raw_toy", "ads") }}
),

final as (
    select
        'toy' as source,
        'ads' as stream,
        cast(null as {{ dbt.type_string() }}) as feed,
        'ad' as level,
        'toy' as platform,
        account_id,
        campaign_id,
        cast(null as {{ dbt.type_string() }}) as ad_group_id,
        ad_id,
        campaign_name,
        day as ad_date,
        currency as currency_code,
        views as impressions,
        clicks,
        cast(cost as decimal(38, 6)) as spend_amount_local,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from source
)

select * from final
