-- The campaign an id in a link means. An id two platforms share means neither.
select
    campaign_id,
    min(platform) as platform
from {{ ref("int_campaigns__versions") }}
group by campaign_id
having count(distinct platform) = 1
