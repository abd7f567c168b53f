-- Clicks whose id was seen on an earlier day, or that have none.
with source as (
    select * from {{ source("raw_google_ads", "clicks") }}
    where
        gclid is null
        or gclid in (
            select gclid
            from {{ source("raw_google_ads", "clicks") }}
            group by gclid
            having count(*) > 1
        )
),

final as (
    select
        'google_ads' as source,
        'clicks' as stream,
        coalesce(gclid, '(no click id)') as record_id,
        case
            when gclid is null then 'the click has no id'
            else 'the click id was seen on an earlier day'
        end as reason,
        case when gclid is null then 'unreadable' else 'duplicate' end as kind,
        cast(null as {{ dbt.type_string() }}) as currency_code,
        cast(null as decimal(18, 6)) as amount_local,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from source
    qualify
        gclid is null
        or row_number() over (partition by gclid order by ad_date, campaign_id, ad_id) > 1
)

select * from final
