-- What refunds gave back of a record. A fee gives nothing back. Refunds in several currencies are
-- no sum: the first and last currency tell.
select
    record_id,
    sum(amount_local) as amount_local,
    min(currency_code) as first_currency,
    max(currency_code) as last_currency
from {{ ref("stg_files__refunded_records") }}
where record_id is not null and entry_type != 'fee'
group by record_id
