{{ config(materialized="table") }}

-- Two systems may number their records alike: a refund takes from the order, booking or deal of its
-- own feed, else from the first feed that has one. Of records of one number an order comes before a
-- booking, and that before a deal. A number that no record has as it is written may be one's as
-- another system spells it (#1001, 001001). The `record_id` is null where the refund names none, or
-- one no file knows. A chargeback that was won, or a refund that failed later, brings back what it
-- took.
with source as (
    select * from {{ source("raw_files", "refunds") }}
    qualify {{ is_newest(["feed", "refund_id"]) }}
),

types as (
    select
        said,
        case meaning
            when 'refund_reversal' then 'correction'
            when 'chargeback_reversal' then 'chargeback'
            else meaning
        end as entry_type,
        meaning in ('refund_reversal', 'chargeback_reversal') as comes_back
    from {{ ref("stg_files__words") }}
    where used_for = 'entry_type' and meaning is not null
),

refunds as (
    select
        source.feed,
        source.refund_id,
        source.order_id,
        source.refunded_at,
        source.refunded_date,
        source.amount_local,
        source.currency_code,
        source._day,
        source._load_id,
        types.entry_type,
        types.comes_back,
        {{ comparable_id("source.order_id") }} as comparable_id
    from source
    inner join types on coalesce(source.entry_type, '') = types.said
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
    union all
    select
        3 as preference,
        'deal' as record_type,
        feed,
        deal_id as record_number,
        record_id
    from {{ ref("stg_files__known_deals") }}
    where reason is null
),

compared as (
    select
        *,
        {{ comparable_id("record_number") }} as comparable_id
    from records
),

final as (
    select
        refunds.feed,
        refunds.refund_id,
        refunds.entry_type,
        coalesce(records.record_type, 'order') as record_type,
        records.record_id,
        refunds.order_id as named_number,
        refunds.refunded_at,
        refunds.refunded_date,
        case when refunds.comes_back then -refunds.amount_local else refunds.amount_local end
            as amount_local,
        refunds.currency_code,
        refunds._day,
        refunds._load_id
    from refunds
    left join compared as records on refunds.comparable_id = records.comparable_id
    qualify
        row_number() over (
            partition by refunds.feed, refunds.refund_id
            order by
                case when refunds.order_id = records.record_number then 0 else 1 end,
                case when refunds.feed = records.feed then 0 else 1 end,
                records.preference,
                records.feed,
                records.record_number
        ) = 1
)

select * from final
