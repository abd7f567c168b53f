{{ config(materialized="table") }}

-- What of orders, money, leads, deals, bookings, visits, clicks, events and rates is not used, and
-- why.
with records as (
    select * from {{ ref("int_conversions__recorded") }}
),

deals as (
    select
        source,
        record_id
    from {{ ref("shape_deals") }}
),

unconverted_events as (
    select
        source,
        stream,
        record_date as day,
        event_key as record_id,
        reason,
        'no rate' as kind,
        currency_code,
        amount_local,
        _load_id,
        _rows as set_aside_rows
    from {{ ref("int_events__conversions") }}
    where reason is not null
),

beyond as (
    select
        source,
        stream,
        _day as day,
        record_id,
        'dated after the day it was landed' as reason,
        'outside' as kind,
        currency_code,
        record_amount_local as amount_local,
        _load_id,
        _rows as set_aside_rows
    from records
    where is_beyond
),

orphaned_stages as (
    select
        stages.source,
        stages.stream,
        stages._day as day,
        stages.deal_record_id || ':' || stages.stage as record_id,
        'its deal is not known' as reason,
        'unknown' as kind,
        cast(null as {{ dbt.type_string() }}) as currency_code,
        stages.amount_local,
        stages._load_id,
        stages._rows as set_aside_rows
    from {{ ref("shape_deal_stages") }} as stages
    left join deals
        on stages.source = deals.source and stages.deal_record_id = deals.record_id
    where deals.record_id is null
),

unioned as (
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
    from {{ ref("shape_set_aside") }}
    union all
    select * from {{ ref("int_ledger_entries__set_aside") }}
    union all
    select * from unconverted_events
    union all
    select * from beyond
    union all
    select * from orphaned_stages
    union all
    select * from {{ ref("int_exchange_rates__set_aside") }}
),

final as (
    select
        source,
        stream,
        day,
        record_id,
        reason,
        kind,
        currency_code,
        cast(amount_local as decimal(38, 6)) as amount_local,
        _load_id,
        cast(set_aside_rows as bigint) as set_aside_rows
    from unioned
)

select * from final
