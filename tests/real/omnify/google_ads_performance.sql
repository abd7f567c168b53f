select
    _row,
    'google_ads' as platform,
    'omnify' as account_id,
    "Campaign" as campaign_id,
    "Campaign" as campaign_name,
    "Ad group" as ad_group_id,
    try_strptime("Week", '%d-%b-%y')::date as ad_date, -- the Monday its week begins
    "Currency" as currency_code,
    "Impressions" as impressions,
    "Clicks" as clicks,
    "Cost ($)" as spend_amount_local
from input
