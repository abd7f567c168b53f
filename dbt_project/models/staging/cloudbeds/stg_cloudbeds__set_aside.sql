with reservations as (
    select * from {{ ref("stg_cloudbeds__reservations") }}
    where reason is not null
),

payments as (
    select * from {{ ref("stg_cloudbeds__payments") }}
    where reason is not null
),

final as (
    select
        'cloudbeds' as source,
        'reservations' as stream,
        reservation_id as record_id,
        reason,
        case when is_deleted then 'excluded' else 'unreadable' end as kind,
        currency_code,
        cast(total_amount as decimal(18, 6)) as amount_local,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from reservations
    union all
    select
        'cloudbeds' as source,
        'transactions' as stream,
        'transaction:' || transaction_id as record_id,
        reason,
        set_aside_kind as kind,
        currency_code,
        cast(amount_local as decimal(18, 6)) as amount_local,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from payments
)

select * from final
