-- What a link may call a campaign: its id, or any name it ever had, written as a slug. A name two
-- campaigns share names neither.
with versions as (
    select distinct
        platform,
        account_id,
        campaign_id,
        campaign_name
    from {{ ref("int_campaigns__versions") }}
),

aliases as (
    select
        {{ slug("campaign_name") }} as alias,
        platform,
        account_id,
        campaign_id
    from versions
    union
    select
        campaign_id as alias,
        platform,
        account_id,
        campaign_id
    from versions
),

final as (
    select
        alias,
        min(platform) as platform,
        min(account_id) as account_id,
        min(campaign_id) as campaign_id
    from aliases
    where alias != ''
    group by alias
    having count(*) = 1
)

select * from final
