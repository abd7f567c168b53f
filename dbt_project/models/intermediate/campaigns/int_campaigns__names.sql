-- What a campaign may be called where only a name is told: by the names it bore, each in its time,
-- and by the name its links use for it.
select
    platform,
    {{ slug("campaign_name") }} as alias,
    campaign_id,
    valid_from,
    valid_to,
    false as is_from_links
from {{ ref("int_campaigns__versions") }}
where {{ slug("campaign_name") }} != ''
union all
select
    platform,
    alias,
    campaign_id,
    cast(null as timestamp with time zone) as valid_from,
    cast(null as timestamp with time zone) as valid_to,
    true as is_from_links
from {{ ref("int_campaigns__link_names") }}
where campaign_id is not null
