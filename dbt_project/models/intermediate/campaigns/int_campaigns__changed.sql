-- Campaigns with a version from a new load: visits that name them may now read differently.
select distinct
    platform,
    account_id,
    campaign_id,
    {{ slug("campaign_name") }} as alias
from {{ ref("int_campaigns__versions") }}
where _load_id in (select load_id from {{ source("trueup", "new_loads") }})
