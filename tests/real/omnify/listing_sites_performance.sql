select
    _row,
    'listing_sites' as platform,
    'omnify' as account_id,
    "Channel" as campaign_id,
    "Channel" as campaign_name,
    "Categories" as ad_group_id,
    report_day("Date of Report") as ad_date,
    'USD' as currency_code,
    0 as impressions, -- the sites sell clicks and do not report views
    "Clicks" as clicks,
    coalesce(regexp_replace("Money Spent ($)", '[$,]', '', 'g'), '0') as spend_amount_local,
    case
        when "Clicks" is null and "Money Spent ($)" is null then 'neither clicks nor spend'
    end as reject_reason
from input
