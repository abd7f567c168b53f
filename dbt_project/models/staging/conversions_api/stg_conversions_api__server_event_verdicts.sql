-- A verdict of a request that decides no event stands in set_aside.
with source as (
    select * from {{ source("raw_conversions_api", "requests") }}
),

deciding as (
    select distinct
        destination,
        account_id,
        request_id
    from {{ ref("stg_conversions_api__server_events") }}
    where request_id is not null
),

final as (
    select
        'conversions_api' as source,
        'requests' as stream,
        source.destination,
        source.account_id,
        source.action,
        source.request_id,
        case source.status
            when 'SUCCESS' then 'accepted'
            when 'FAILED' then 'rejected'
            when 'PARTIAL_SUCCESS' then 'partial'
            else 'unknown'
        end as verdict,
        source.record_count as event_count,
        source.reason_code,
        source.reason,
        source.reason_count as rejected_count,
        cast(1 as bigint) as _rows,
        source._day,
        source._load_id
    from source
    inner join deciding
        on
            source.destination = deciding.destination
            and source.account_id = deciding.account_id
            and source.request_id = deciding.request_id
)

select * from final
