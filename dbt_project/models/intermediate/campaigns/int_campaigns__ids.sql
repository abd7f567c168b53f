-- The campaign an id in a link means. An id two platforms share means neither; one that two
-- accounts of a platform share means a campaign of an account nobody knows.
select
    campaign_id,
    min(platform) as platform,
    min(account_id) as account_id
from {{ ref("int_campaigns__accounts") }}
group by campaign_id
having count(*) = 1
