{{ config(materialized="table") }}

-- What a platform claims by its headline definition, and what of it the claims themselves say to be
-- of views, of a further action of the same goal, or modelled. In this order: a view-through claim
-- of a further action is a view-through claim. Where it tells the same claims by the day of the
-- conversion too, what they have more of on the day of the click is a matter of dates, but for what
-- the rates have moved since.
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
        headlines.goal,
        headlines.claim_date,
        sum(claims.claimed_conversions) as view_conversions,
        sum(claims.claimed_amount) as view_amount
    from headlines
    inner join claims
        on
            headlines.action_key = claims.action_key
            and headlines.goal = claims.goal
            and headlines.claim_date = claims.claim_date
            and headlines.date_basis = claims.date_basis
            and headlines.view_window_days = claims.view_window_days
            and headlines.campaign = claims.campaign
            and headlines.ad_group_id is not distinct from claims.ad_group_id
            and headlines.ad_id is not distinct from claims.ad_id
    where claims.is_view_through
    group by headlines.claim_key, headlines.goal, headlines.claim_date
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
            and headlines.goal = views.goal
            and headlines.claim_date = views.claim_date
),

-- Both sides of claims that are dated in two ways, the second taken away.
twins as (
    select twins.*
    from {{ ref("int_reconciliation__twins") }} as twins
    inner join first_actions
        on
            twins.platform = first_actions.platform
            and twins.account_id = coalesce(first_actions.account_id, '(unknown)')
            and twins.goal = first_actions.goal
            and twins.action_key = first_actions.action_key
),

dated_twice as (
    select
        claims.claim_date,
        claims.platform,
        claims.account_id,
        claims.campaign,
        claims.goal,
        claims.is_headline,
        claims.date_basis,
        claims.claimed_conversions,
        claims.claimed_amount,
        claims.claimed_amount * coalesce(exchanged.exchange_share, 0)
        / (1 + coalesce(exchanged.exchange_share, 0)) as exchanged_amount
    from claims
    inner join twins
        on
            claims.platform = twins.platform
            and coalesce(claims.account_id, '(unknown)') = twins.account_id
            and claims.goal = twins.goal
            and claims.action_key = twins.action_key
            and claims.click_window_days is not distinct from twins.click_window_days
    left join {{ ref("int_reconciliation__exchanged") }} as exchanged
        on
            claims.claim_date = exchanged.report_date
            and twins.platform = exchanged.platform
            and twins.account_id = exchanged.account_id
            and twins.goal = exchanged.goal
            and claims.currency_code = exchanged.currency_code
    where
        claims.view_window_days is null
        and claims.is_view_through is not true
        and claims.is_modelled is not true
),

moved as (
    select
        claim_date,
        platform,
        account_id,
        campaign,
        goal,
        0 as claimed_conversions,
        0 as claimed_amount,
        claimed_conversions as dated_conversions,
        claimed_amount - cast(round(exchanged_amount, 6) as decimal(38, 6)) as dated_amount,
        cast(round(exchanged_amount, 6) as decimal(38, 6)) as exchanged_amount
    from dated_twice
    where is_headline and date_basis = 'click_date'
    union all
    select
        claim_date,
        platform,
        account_id,
        campaign,
        goal,
        0 as claimed_conversions,
        0 as claimed_amount,
        -claimed_conversions as dated_conversions,
        -claimed_amount as dated_amount,
        0 as exchanged_amount
    from dated_twice
    where not is_headline and date_basis = 'conversion_date'
),

everything as (
    select
        claim_date,
        platform,
        account_id,
        campaign,
        goal,
        claimed_conversions,
        claimed_amount,
        0 as dated_conversions,
        0 as dated_amount,
        0 as exchanged_amount,
        view_conversions,
        view_amount,
        is_further,
        is_said_modelled
    from parts
    union all
    select
        *,
        0 as view_conversions,
        0 as view_amount,
        false as is_further,
        false as is_said_modelled
    from moved
),

final as (
    select
        claim_date as report_date,
        platform,
        coalesce(account_id, '(unknown)') as account_id,
        campaign as campaign_id,
        goal,
        sum(dated_conversions) as dated_conversions,
        sum(dated_amount) as dated_amount,
        0 as exchanged_conversions,
        sum(exchanged_amount) as exchanged_amount,
        sum(claimed_conversions) as claimed_conversions,
        sum(claimed_amount) as claimed_amount,
        bool_and(claimed_amount is not null or claimed_conversions = 0) as is_valued,
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
    from everything
    group by claim_date, platform, account_id, campaign, goal
)

select * from final
