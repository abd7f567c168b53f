select
    _row,
    mql_id as lead_id,
    try_strptime(first_contact_date, '%Y.%m.%d')::date as created_date,
    coalesce(origin, 'Unknown') as origin,
    'seller_lead' as goal
from input
