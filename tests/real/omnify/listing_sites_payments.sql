-- One payment has no date, and one is dated a year after its lead (27-Dec-21 for 25-Dec-20):
-- both are booked on the day of the lead and marked as assumed.
with dated as (

    select
        *,
        report_day("Date of Report") as report_date,
        strptime("Paid Date", '%d-%b-%y')::date as paid_date
    from input
    where "Paid" is not null

)

select
    _row,
    'listing_sites:' || _row as order_id,
    case when paid_date <= date '2021-05-04' then paid_date else report_date end as ordered_date,
    paid_date is null or paid_date > date '2021-05-04' as is_date_assumed,
    regexp_replace("Paid", '[$,]', '', 'g') as amount_local,
    'USD' as currency_code,
    'payment' as goal,
    'listing_sites' as platform,
    "Channel" as campaign_id
from dated
