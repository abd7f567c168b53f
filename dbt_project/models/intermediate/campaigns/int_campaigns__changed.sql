-- Campaigns with a version from a new load, and names links use that mean something else than
-- before: visits that tell them may now read differently.
select distinct
    platform,
    campaign_id,
    {{ slug("campaign_name") }} as alias
from {{ ref("int_campaigns__versions") }}
where _load_id in (select load_id from {{ source("trueup", "new_loads") }})
union all
select
    platform,
    cast(null as varchar) as campaign_id,
    alias
from {{ ref("int_campaigns__link_names") }}
where changed_by_build_id > (select completed_build_id from {{ ref("int_builds__covered") }})
