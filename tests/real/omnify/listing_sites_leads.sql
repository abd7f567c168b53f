with dated as (

    select
        *,
        case
            when regexp_full_match("Date of Report", '\d{1,2}-[A-Z][a-z]{2}-\d{2}')
                then strptime("Date of Report", '%d-%b-%y')
            when regexp_full_match("Date of Report", '\d{2}/\d{2}/\d{4}')
                then strptime("Date of Report", '%m/%d/%Y')
            when regexp_full_match("Date of Report", '\d{1,2}/\d/\d{4}')
                then strptime("Date of Report", '%d/%m/%Y')
            when regexp_full_match("Date of Report", '\d{2}-\d{2}-\d{4}')
                then strptime("Date of Report", '%m-%d-%Y')
        end::date as report_date
    from input

)

select
    _row,
    'listing_sites:' || _row || ':' || ordinal as lead_id,
    report_date as created_date,
    'listing_sites' as platform,
    "Channel" as campaign_id,
    'lead' as goal
from dated, unnest(range(1, 1 + coalesce("Leads"::integer, 0))) as leads (ordinal)
