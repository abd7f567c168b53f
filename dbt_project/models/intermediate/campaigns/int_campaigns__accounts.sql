{{ config(materialized="table") }}

-- The account a campaign belongs to. One id in two accounts is two campaigns, and whoever names
-- the id alone means neither account.
with seen as (
    select
        platform,
        campaign_id,
        account_id
    from {{ ref("shape_campaigns") }}
    union
    select
        platform,
        campaign_id,
        account_id
    from {{ ref("shape_ad_performance") }}
    union
    select
        platform,
        campaign_id,
        account_id
    from {{ ref("int_claims__keys") }}
    union
    select
        platform,
        campaign_id,
        account_id
    from {{ ref("shape_clicks") }}
),

final as (
    select
        platform,
        campaign_id,
        case when count(distinct account_id) = 1 then min(account_id) else '(unknown)' end
            as account_id,
        cast(count(distinct account_id) as integer) as account_count
    from seen
    where campaign_id is not null
    group by platform, campaign_id
)

select * from final
