-- The export changed its date format three times. Months are two digits where they come first,
-- and the one day-first stretch lies wholly in April, so its month is a single digit.
select
    _row,
    'listing_sites' as platform,
    'omnify' as account_id,
    "Channel" as campaign_id,
    "Channel" as campaign_name,
    "Categories" as ad_group_id,
    case
        when regexp_full_match("Date of Report", '\d{1,2}-[A-Z][a-z]{2}-\d{2}')
            then strptime("Date of Report", '%d-%b-%y')
        when regexp_full_match("Date of Report", '\d{2}/\d{2}/\d{4}')
            then strptime("Date of Report", '%m/%d/%Y')
        when regexp_full_match("Date of Report", '\d{1,2}/\d/\d{4}')
            then strptime("Date of Report", '%d/%m/%Y')
        when regexp_full_match("Date of Report", '\d{2}-\d{2}-\d{4}')
            then strptime("Date of Report", '%m-%d-%Y')
    end::date as ad_date,
    'USD' as currency_code,
    0 as impressions, -- the sites sell clicks and do not report views
    "Clicks" as clicks,
    coalesce(regexp_replace("Money Spent ($)", '[$,]', '', 'g'), '0') as spend_amount_local,
    case
        when "Clicks" is null and "Money Spent ($)" is null then 'neither clicks nor spend'
    end as reject_reason
from input
