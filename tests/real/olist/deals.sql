select
    _row,
    mql_id as deal_id,
    mql_id as lead_id,
    try_strptime(won_date, '%Y.%m.%d %H:%M')::date as won_date,
    'seller_won' as goal
from input
