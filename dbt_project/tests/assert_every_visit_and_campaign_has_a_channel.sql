{{ config(severity="warn") }}

-- A source, medium or campaign no channel rule knows is a row called (unmapped), and named here so
-- that somebody writes the rule. A warning: the sums are whole without it.
select
    'visit' as what,
    source,
    medium,
    platform,
    campaign_name,
    count(*) as row_count
from {{ ref("fct_touches") }}
where channel = '(unmapped)'
group by source, medium, platform, campaign_name
union all
select
    'campaign' as what,
    null as source,
    null as medium,
    platform,
    coalesce(campaign_name, campaign_id) as campaign_name,
    1 as row_count
from {{ ref("int_campaigns__channels") }}
where channel = '(unmapped)'
