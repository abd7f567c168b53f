select
    _row,
    'listing_sites:' || _row || ':' || ordinal as lead_id,
    report_day("Date of Report") as created_date,
    'listing_sites' as platform,
    "Channel" as campaign_id,
    'lead' as goal
from input, unnest(range(1, 1 + coalesce("Leads"::integer, 0))) as leads (ordinal)
