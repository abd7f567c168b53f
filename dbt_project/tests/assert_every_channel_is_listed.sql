-- A channel is one of the standard list or of the company's rules, wherever it stands: spend,
-- claims, conversions, credits and visits speak of it in the same words.
with named as (
    select distinct
        'fct_channel_daily' as model,
        channel
    from {{ ref("fct_channel_daily") }}
    union
    select distinct
        'fct_campaign_daily' as model,
        channel
    from {{ ref("fct_campaign_daily") }}
    union
    select distinct
        'fct_touches' as model,
        channel
    from {{ ref("fct_touches") }}
    union
    select distinct
        'fct_attribution' as model,
        channel
    from {{ ref("fct_attribution") }}
    union
    select distinct
        'dim_campaign' as model,
        channel
    from {{ ref("dim_campaign") }}
)

select
    model,
    channel
from named
where not exists (
    select 1
    from {{ ref("dim_channel") }} as listed
    where named.channel = listed.channel
)
