-- A deal is sold when it is won, and taken back at what it was sold for when it is lost after that.
with outcomes as (
    select * from {{ ref("int_deals__outcomes") }}
),

sales as (
    select
        *,
        'sale' as entry_type,
        amount_local as moved_amount_local
    from outcomes
    where outcome = 'won' and not was_won and amount_local is not null
),

cancellations as (
    select
        *,
        'cancellation' as entry_type,
        -sold_amount_local as moved_amount_local
    from outcomes
    where outcome = 'lost' and was_won and sold_amount_local is not null
),

unioned as (
    select * from sales
    union all
    select * from cancellations
),

final as (
    select
        source,
        stream,
        source || ':' || entry_type || ':' || deal_record_id || ':'
        || cast(
            row_number() over (
                partition by source, deal_record_id, entry_type order by entered_at, stage
            ) as {{ dbt.type_string() }}
        ) as entry_id,
        source || ':' || deal_record_id as conversion_id,
        entry_type,
        entered_at as entry_at,
        moved_amount_local as amount_local,
        currency_code,
        -- The deal's own row stands for it
        cast(0 as bigint) as _rows,
        _day,
        _load_id
    from unioned
)

select * from final
