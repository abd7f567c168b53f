-- Payments of orders and bookings, and what was given back, as the systems recorded them.
select
    source,
    stream,
    source || ':' || entry_id as entry_id,
    source || ':' || record_id as conversion_id,
    entry_type,
    entry_at,
    amount_local,
    currency_code,
    _rows,
    _day,
    _load_id
from {{ ref("shape_order_money") }}
