with attempts as (
    select
        *,
        min(_day) over (
            partition by destination, account_id, action, event_id
        ) as first_day
    from {{ ref("stg_conversions_api__attempts") }}
),

requests as (
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

unioned as (
    select
        'attempts' as stream,
        concat_ws(
            ':', destination, action, event_id, cast(sent_at as {{ dbt.type_string() }})
        ) as record_id,
        'sent again on a later day: its event is counted on the first' as reason,
        'duplicate' as kind,
        _day,
        _load_id
    from attempts
    where _day > first_day
    union all
    select
        'requests' as stream,
        concat_ws(':', requests.request_id, requests.action, requests.reason_code) as record_id,
        'no event is decided by this request' as reason,
        'excluded' as kind,
        requests._day,
        requests._load_id
    from requests
    left join deciding
        on
            requests.destination = deciding.destination
            and requests.account_id = deciding.account_id
            and requests.request_id = deciding.request_id
    where deciding.request_id is null
),

final as (
    select
        'conversions_api' as source,
        stream,
        record_id,
        reason,
        kind,
        cast(null as {{ dbt.type_string() }}) as currency_code,
        cast(null as decimal(18, 6)) as amount_local,
        cast(count(*) as bigint) as _rows,
        _day,
        _load_id
    from unioned
    group by stream, record_id, reason, kind, _day, _load_id
)

select * from final
