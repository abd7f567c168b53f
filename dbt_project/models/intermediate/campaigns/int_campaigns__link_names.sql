{{ config(materialized="table") }}

-- Links that carry a campaign's id beside a name show what the name means where it comes alone. A
-- name two campaigns of a platform go by means neither.
with ids as (
    select
        campaign_id,
        platform,
        account_id
    from {{ ref("int_campaigns__ids") }}
),

links as (
    select
        campaign_alias,
        link_campaign_id
    from {{ ref("int_links") }}
    where campaign_alias != ''
),

final as (
    select
        ids.platform,
        links.campaign_alias as alias,
        min(ids.account_id) as account_id,
        min(ids.campaign_id) as campaign_id
    from links
    inner join ids on links.link_campaign_id = ids.campaign_id
    group by ids.platform, links.campaign_alias
    having count(distinct ids.campaign_id) = 1
)

select * from final
