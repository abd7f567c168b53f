-- Toy lists no campaigns: their names stand on the rows of their ads.
with source as (
    select * from {{ source("raw_toy", "ads") }}
),

final as (
    select
        'toy' as source,
        'ads' as stream,
        'toy' as platform,
        account_id,
        campaign_id,
        max(campaign_name) as campaign_name,
        cast(null as {{ dbt.type_string() }}) as campaign_type,
        cast(null as {{ dbt.type_string() }}) as type_channel,
        cast(null as {{ dbt.type_string() }}) as status,
        cast(null as timestamptz) as observed_at,
        cast(0 as bigint) as _rows,
        max(_day) as _day,
        max(_load_id) as _load_id
    from source
    group by account_id, campaign_id
)

select * from final
