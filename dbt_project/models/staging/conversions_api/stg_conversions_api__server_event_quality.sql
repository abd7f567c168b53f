with source as (
    select * from {{ source("raw_conversions_api", "quality") }}
),

final as (
    select
        'conversions_api' as source,
        'quality' as stream,
        destination,
        account_id,
        action,
        observed_date,
        match_quality,
        event_coverage,
        browser_id_coverage,
        server_id_coverage,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from source
)

select * from final
