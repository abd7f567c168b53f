select
    _row,
    'google_ads:' || _row || ':' || ordinal as lead_id,
    try_strptime("Week", '%d-%b-%y')::date as created_date,
    'google_ads' as platform,
    "Campaign" as campaign_id,
    'lead' as goal
from input, unnest(range(1, 1 + "Leads"::integer)) as leads (ordinal)
