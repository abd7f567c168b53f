-- Click ids that tell more than they did: the click was just landed, or its campaign was created
-- or renamed.
with new_loads as (
    select load_id from {{ source("trueup", "new_loads") }}
),

changed_campaigns as (
    select campaign_id
    from {{ ref("int_campaigns__changed") }}
    where platform = 'google_ads'
),

final as (
    select
        click_id,
        click_date
    from {{ ref("int_google_ads__clicks") }}
    where
        _load_id in (select load_id from new_loads)
        or campaign_id in (select campaign_id from changed_campaigns)
)

select * from final
