select
    _row,
    'google_ads:' || _row as order_id,
    try_strptime("Payment Date", '%d-%b-%y')::date as ordered_date,
    regexp_replace("Payment ($)", '[$,]', '', 'g') as amount_local,
    "Currency" as currency_code,
    'payment' as goal,
    'google_ads' as platform,
    "Campaign" as campaign_id
from input
where "Payment ($)" is not null
