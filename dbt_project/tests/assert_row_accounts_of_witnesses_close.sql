{{ config(severity="warn") }}

-- Promise 7. Rows of a witness (claims, visits, names) went missing between landing and the marts,
-- or are there twice.
select
    source || '.' || stream as segment,
    day,
    compared,
    expected_rows,
    found_rows,
    day as since_date,
    abs(expected_rows - found_rows) as affected_rows
from {{ ref("int_rows__unaccounted") }}
where is_witness
