with source as (
    select source.*
    from {{ source("raw_search_console", "performance") }} as source
    left join {{ ref("stg_search_console__properties") }} as properties
        on
            source.site_url = properties.site_url
            and source.search_type = properties.search_type
            and source.search_date = properties.search_date
    where properties.counted_in is null
),

final as (
    select
        'search_console' as source,
        'performance' as stream,
        site_url as account_id,
        search_date,
        false as is_paid,
        search_type,
        cast(null as {{ dbt.type_string() }}) as campaign_id,
        cast(null as {{ dbt.type_string() }}) as ad_group_id,
        cast(null as {{ dbt.type_string() }}) as ad_id,
        page,
        query,
        is_anonymised,
        is_final,
        impressions,
        clicks,
        position,
        cast(null as {{ dbt.type_string() }}) as currency_code,
        cast(null as decimal(38, 6)) as spend_amount_local,
        cast(null as decimal(18, 6)) as claimed_conversions,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from source
)

select * from final
