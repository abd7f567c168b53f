-- A deal is sold on the day it was won, for what it was worth once the hours of grace were over.
-- What changes later is a correction on its own date; where nothing was known to be sold before (no
-- amount, or a placeholder of 0), it is the sale. What was sold is taken back on the day it is won
-- no more.
with outcomes as (
    select * from {{ ref("int_deals__outcomes") }}
    where outcome = 'won'
),

-- Within the hours of grace the last word counts, on the day of the win.
worths as (
    select
        *,
        case when is_within_grace then sold_at else entered_at end as entry_at
    from outcomes
    qualify
        row_number() over (
            partition by
                source,
                deal_record_id,
                sold_at,
                case when is_within_grace then sold_at else entered_at end
            order by entered_at desc, stage desc
        ) = 1
),

known as (
    select * from worths
    where amount_local is not null
),

steps as (
    select
        *,
        lag(amount_local) over (
            partition by source, deal_record_id, sold_at order by entry_at
        ) as previous_amount_local,
        lag(currency_code) over (
            partition by source, deal_record_id, sold_at order by entry_at
        ) as previous_currency_code,
        max(abs(amount_local)) over (
            partition by source, deal_record_id, sold_at
            order by entry_at
            rows between unbounded preceding and 1 preceding
        ) as largest_before,
        lead(entry_at) over (
            partition by source, deal_record_id, sold_at order by entry_at
        ) is null as is_last
    from known
),

sales as (
    select
        *,
        'sale' as entry_type,
        entry_at as moved_at,
        amount_local as moved_amount_local,
        currency_code as moved_currency_code
    from steps
    where coalesce(largest_before, 0) = 0 and amount_local != 0
),

corrections as (
    select
        *,
        'correction' as entry_type,
        entry_at as moved_at,
        amount_local - previous_amount_local as moved_amount_local,
        currency_code as moved_currency_code
    from steps
    where
        largest_before > 0
        and currency_code is not distinct from previous_currency_code
        and amount_local != previous_amount_local
),

-- Another currency: the old amount goes, the new one comes.
exchanges as (
    select
        *,
        'correction' as entry_type,
        entry_at as moved_at,
        -previous_amount_local as moved_amount_local,
        previous_currency_code as moved_currency_code
    from steps
    where
        largest_before > 0
        and currency_code is distinct from previous_currency_code
        and previous_amount_local != 0
    union all
    select
        *,
        'correction' as entry_type,
        entry_at as moved_at,
        amount_local as moved_amount_local,
        currency_code as moved_currency_code
    from steps
    where
        largest_before > 0
        and currency_code is distinct from previous_currency_code
        and amount_local != 0
),

cancellations as (
    select
        *,
        'cancellation' as entry_type,
        taken_back_at as moved_at,
        -amount_local as moved_amount_local,
        currency_code as moved_currency_code
    from steps
    where is_last and taken_back_at is not null and amount_local != 0
),

unioned as (
    select * from sales
    union all
    select * from corrections
    union all
    select * from exchanges
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
                partition by source, deal_record_id, entry_type
                order by moved_at, moved_amount_local
            ) as {{ dbt.type_string() }}
        ) as entry_id,
        source || ':' || deal_record_id as conversion_id,
        entry_type,
        moved_at as entry_at,
        moved_amount_local as amount_local,
        moved_currency_code as currency_code,
        -- The deal's own row stands for it
        cast(0 as bigint) as _rows,
        _day,
        _load_id
    from unioned
)

select * from final
