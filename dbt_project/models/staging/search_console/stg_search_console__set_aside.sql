with source as (
    select * from {{ source("raw_search_console", "performance") }}
),

properties as (
    select * from {{ ref("stg_search_console__properties") }}
    where counted_in is not null
),

final as (
    select
        'search_console' as source,
        'performance' as stream,
        concat_ws(
            ' ', source.site_url, source.search_type,
            cast(source.search_date as {{ dbt.type_string() }})
        ) as record_id,
        'counted in ' || properties.counted_in || ', which has the same searches' as reason,
        'duplicate' as kind,
        cast(null as {{ dbt.type_string() }}) as currency_code,
        cast(null as decimal(18, 6)) as amount_local,
        cast(count(*) as bigint) as _rows,
        source._day,
        source._load_id
    from source
    inner join properties
        on
            source.site_url = properties.site_url
            and source.search_type = properties.search_type
            and source.search_date = properties.search_date
    group by all
)

select * from final
