-- What the feeds published; of two that quote a currency on the same day the first by name counts.
-- A rate that is not above zero converts nothing.
select
    source,
    stream,
    rate_date,
    currency_code,
    base_currency,
    units_per_base,
    _rows,
    _day,
    _load_id
from {{ ref("shape_rates") }}
where units_per_base > 0
qualify
    row_number() over (partition by rate_date, currency_code order by source, _load_id desc) = 1
