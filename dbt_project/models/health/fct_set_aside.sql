{{ config(materialized="table") }}

-- Rows of streams that stand in no mart: what landing could not use, and what the models left out.
-- What the row said is not here, as it may be personal data.
with loads as (
    select
        load_id,
        account
    from {{ source("trueup", "applied_loads") }}
),

from_landing as (
    select
        source,
        stream,
        account as account_id,
        day,
        load_id,
        position as record,
        kind,
        reason,
        currency_code,
        amount_local,
        cast(1 as bigint) as row_count,
        'intake' as set_by,
        is_lost
    from {{ source("trueup", "set_aside_rows") }}
),

left_out as (
    select
        source,
        stream,
        day,
        record_id,
        reason,
        kind,
        currency_code,
        amount_local,
        _load_id,
        set_aside_rows
    from {{ ref("int_conversions__set_aside") }}
    union all
    select
        source,
        stream,
        day,
        record_id,
        reason,
        kind,
        currency_code,
        amount_local,
        _load_id,
        set_aside_rows
    from {{ ref("int_ads__set_aside") }}
),

from_models as (
    select
        left_out.source,
        left_out.stream,
        loads.account as account_id,
        left_out.day,
        left_out._load_id as load_id,
        left_out.record_id as record,
        left_out.kind,
        left_out.reason,
        left_out.currency_code,
        left_out.amount_local,
        left_out.set_aside_rows as row_count,
        'build' as set_by,
        left_out.kind not in ('excluded', 'duplicate', 'deleted', 'no amount') as is_lost
    from left_out
    left join loads on left_out._load_id = loads.load_id
),

unioned as (
    select * from from_landing
    union all
    select * from from_models
),

final as (
    select
        source,
        stream,
        account_id,
        day,
        load_id,
        record as position_or_record,
        kind,
        reason,
        currency_code,
        cast(amount_local as decimal(38, 6)) as amount_local,
        row_count,
        set_by,
        is_lost
    from unioned
)

select * from final
