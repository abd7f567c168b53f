{{ config(materialized="table") }}

-- What a platform claims by its headline definition, and what of it the claims themselves say to be
-- of views, of a further action of the same goal, or modelled. In this order: a view-through claim
-- of a further action is a view-through claim.
with claims as (
    select
        *,
        coalesce(campaign_id, '(unknown)') as campaign
    from {{ ref("fct_platform_claims") }}
    where goal is not null
),

headlines as (
    select * from claims
    where is_headline
),

-- Of several actions of one goal the first that was ever claimed counts, the others overlap.
first_actions as (
    select
        platform,
        account_id,
        goal,
        action_key
    from headlines
    group by platform, account_id, goal, action_key
    qualify
        row_number() over (
            partition by platform, account_id, goal order by min(claim_date), action_key
        ) = 1
),

-- The rows that count the views alone, of the window the headline counts views in.
views as (
    select
        headlines.claim_key,
        headlines.claim_date,
        sum(claims.claimed_conversions) as view_conversions,
        sum(claims.claimed_amount) as view_amount
    from headlines
    inner join claims
        on
            headlines.action_key = claims.action_key
            and headlines.claim_date = claims.claim_date
            and headlines.date_basis = claims.date_basis
            and headlines.view_window_days = claims.view_window_days
            and headlines.campaign = claims.campaign
            and headlines.ad_group_id is not distinct from claims.ad_group_id
            and headlines.ad_id is not distinct from claims.ad_id
    where claims.is_view_through
    group by headlines.claim_key, headlines.claim_date
),

parts as (
    select
        headlines.*,
        coalesce(views.view_conversions, 0) as view_conversions,
        coalesce(views.view_amount, 0) as view_amount,
        first_actions.action_key is null as is_further,
        coalesce(headlines.is_modelled, false) as is_said_modelled
    from headlines
    left join first_actions
        on
            headlines.platform = first_actions.platform
            and headlines.account_id = first_actions.account_id
            and headlines.goal = first_actions.goal
            and headlines.action_key = first_actions.action_key
    left join views
        on
            headlines.claim_key = views.claim_key
            and headlines.claim_date = views.claim_date
),

final as (
    select
        claim_date as report_date,
        platform,
        coalesce(account_id, '(unknown)') as account_id,
        campaign as campaign_id,
        goal,
        sum(claimed_conversions) as claimed_conversions,
        sum(claimed_amount) as claimed_amount,
        sum(view_conversions) as view_through_conversions,
        sum(view_amount) as view_through_amount,
        coalesce(sum(claimed_conversions - view_conversions) filter (where is_further), 0)
            as overlapping_conversions,
        coalesce(sum(claimed_amount - view_amount) filter (where is_further), 0)
            as overlapping_amount,
        coalesce(
            sum(claimed_conversions - view_conversions)
            filter (where is_said_modelled and not is_further), 0
        ) as modelled_conversions,
        coalesce(
            sum(claimed_amount - view_amount)
            filter (where is_said_modelled and not is_further), 0
        ) as modelled_amount
    from parts
    group by claim_date, platform, account_id, campaign, goal
)

select * from final
