with outcomes as (
    select
        deal_id,
        outcome,
        entered_at,
        amount_local,
        currency_code,
        was_won,
        sold_amount_local
    from {{ ref("int_hubspot__deal_outcomes") }}
),

sales as (
    select
        'sale' as entry_type,
        deal_id,
        entered_at as entry_at,
        amount_local,
        currency_code
    from outcomes
    where outcome = 'won' and not was_won and amount_local is not null
),

cancellations as (
    select
        'cancellation' as entry_type,
        deal_id,
        entered_at as entry_at,
        -sold_amount_local as amount_local,
        currency_code
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
        'hubspot:' || entry_type || ':' || deal_id || ':'
        || row_number() over (partition by deal_id, entry_type order by entry_at) as entry_id,
        'hubspot:' || deal_id as conversion_id,
        entry_type,
        entry_at,
        amount_local,
        currency_code
    from unioned
)

select * from final
