-- Clicks whose id was seen on an earlier day.
with source as (
    select * from {{ source("raw_google_ads", "clicks") }}
),

final as (
    select
        'google_ads' as source,
        'clicks' as stream,
        gclid as record_id,
        'the click id was seen on an earlier day' as reason,
        'duplicate' as kind,
        cast(null as {{ dbt.type_string() }}) as currency_code,
        cast(null as decimal(18, 6)) as amount_local,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from source
    qualify row_number() over (partition by gclid order by ad_date, campaign_id, ad_id) > 1
)

select * from final
