{{ config(materialized="table") }}

-- Two systems may number their records alike: a refund takes from the order or booking of its own
-- feed, else from the first feed that has one. Of an order and a booking of one number the order
-- comes first. The `record_id` is null where the refund names none, or one no file knows.
with source as (
    select * from {{ source("raw_files", "refunds") }}
    qualify {{ is_newest(["feed", "refund_id"]) }}
),

refunds as (
    select
        *,
        coalesce(lower(entry_type), 'refund') as kind
    from source
    where
        coalesce(lower(entry_type), 'refund')
        in ('refund', 'cancellation', 'chargeback', 'fee', 'correction')
),

records as (
    select
        1 as preference,
        'order' as record_type,
        account_id as feed,
        transaction_id as record_number,
        record_id
    from {{ ref("stg_files__orders") }}
    union all
    select
        2 as preference,
        'booking' as record_type,
        account_id as feed,
        transaction_id as record_number,
        record_id
    from {{ ref("stg_files__bookings") }}
),

final as (
    select
        refunds.feed,
        refunds.refund_id,
        refunds.kind as entry_type,
        coalesce(records.record_type, 'order') as record_type,
        records.record_id,
        refunds.refunded_at,
        refunds.refunded_date,
        refunds.amount_local,
        refunds.currency_code,
        refunds._day,
        refunds._load_id
    from refunds
    left join records on refunds.order_id = records.record_number
    qualify
        row_number() over (
            partition by refunds.feed, refunds.refund_id
            order by
                case when refunds.feed = records.feed then 0 else 1 end,
                records.preference,
                records.feed
        ) = 1
)

select * from final
