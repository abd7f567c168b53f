-- Promise 7. Rows of orders, money or spend went missing between landing and the marts, or are
-- there twice.
select
    source || '.' || stream as segment,
    day,
    compared,
    expected_rows,
    found_rows,
    day as since_date,
    abs(expected_rows - found_rows) as affected_rows
from {{ ref("int_rows__unaccounted") }}
where not is_witness
