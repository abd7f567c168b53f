-- What a campaign may be called where only a name stands: by the names it bore, each in its time,
-- by the name its links use for it, and by its id where it never had a name.
with named as (
    select
        platform,
        account_id,
        campaign_id,
        campaign_name,
        valid_from,
        valid_to,
        false as is_from_links
    from {{ ref("int_campaigns__versions") }}
    union all
    select
        platform,
        account_id,
        campaign_id,
        campaign_id as campaign_name,
        null as valid_from,
        null as valid_to,
        false as is_from_links
    from {{ ref("int_campaigns__known") }}
    where campaign_name is null
),

final as (
    select
        platform,
        {{ slug("campaign_name") }} as alias,
        account_id,
        campaign_id,
        valid_from,
        valid_to,
        is_from_links
    from named
    where {{ slug("campaign_name") }} != ''
    union all
    select
        platform,
        alias,
        account_id,
        campaign_id,
        null as valid_from,
        null as valid_to,
        true as is_from_links
    from {{ ref("int_campaigns__link_names") }}
)

select * from final
