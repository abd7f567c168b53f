-- The payments carry no date: all are booked on the data's last day and marked as assumed, so
-- the total is right and no day is.
select
    _row,
    order_id || ':' || payment_sequential as order_id,
    date '2018-11-14' as ordered_date,
    true as is_date_assumed,
    payment_value as amount_local,
    'BRL' as currency_code,
    'order_payment' as goal
from input
