-- Every version of a claim, with the goal it counts towards and whether it is of the one definition
-- the company calls the platform's number: what was known earlier is read as what is known now. Of
-- an action that several goals share, each goal has its part of the claim.
with claims as (
    select * from {{ ref("fct_platform_claims_history") }}
),

actions as (
    select
        action_key,
        goal,
        tier,
        is_headline,
        mapped_through,
        within_wider_from,
        within_wider_through
    from {{ ref("int_claims__actions") }}
),

shares as (
    select * from {{ ref("int_claims__goal_shares") }}
    where until_share > since_share
),

headlines as (
    select * from {{ ref("int_claims__headlines") }}
),

rates as (
    select
        date_day,
        currency_code,
        units_local,
        units_reporting
    from {{ ref("int_exchange_rates__carried") }}
),

settings as (
    select reporting_currency from {{ source("company", "settings") }}
),

-- What is asked of both sides comes after the join: in its condition it would have every version
-- compared with every action, and with every headline.
joined as (
    select
        claims.*,
        {{ part_of_goal("claims.claimed_conversions", "decimal(18, 6)") }} as goal_conversions,
        {{ part_of_goal("claims.claimed_amount_local", "decimal(38, 6)") }} as goal_amount_local,
        case
            when actions.mapped_through is null or claims.claim_date <= actions.mapped_through
                then coalesce(shares.goal, actions.goal)
        end as goal,
        case
            when actions.mapped_through is null or claims.claim_date <= actions.mapped_through
                then coalesce(shares.tier, actions.tier)
        end as tier,
        coalesce(
            coalesce(shares.is_headline, actions.is_headline)
            and (actions.mapped_through is null or claims.claim_date <= actions.mapped_through)
            and not coalesce(
                claims.claim_date >= actions.within_wider_from
                and claims.claim_date <= actions.within_wider_through,
                false
            )
            and headlines.source is not null
            and claims.date_basis = coalesce(headlines.date_basis, claims.date_basis)
            -- View-through rows of their own are never the headline: with `include_view` it is the
            -- row that counts clicks and views together.
            and not coalesce(claims.is_view_through, false)
            and claims.click_window_days
            is not distinct from coalesce(headlines.click_window_days, claims.click_window_days)
            and claims.view_window_days is not distinct from case
                when headlines.include_view
                    then coalesce(headlines.view_window_days, claims.view_window_days)
            end,
            false
        ) as is_headline
    from claims
    left join actions on claims.action_key = actions.action_key
    left join shares
        on
            claims.action_key = shares.action_key
            and claims.definition_key = shares.definition_key
            and claims.claim_date = shares.claim_date
            and coalesce(claims.campaign_id, '(unknown)') = shares.campaign_id
    left join headlines
        on
            claims.source = headlines.source
            and claims.feed is not distinct from headlines.feed
),

final as (
    select
        claims.claim_version_key,
        claims.claim_key,
        claims.source,
        claims.feed,
        claims.platform,
        claims.account_id,
        claims.campaign_id,
        claims.ad_group_id,
        claims.ad_id,
        claims.claim_date,
        claims.action_key,
        claims.action_id,
        claims.action_name,
        claims.goal,
        claims.tier,
        claims.definition_key,
        claims.date_basis,
        claims.attribution_model,
        claims.click_window_days,
        claims.view_window_days,
        claims.is_view_through,
        claims.is_modelled,
        claims.time_zone,
        claims.is_headline,
        claims.goal_conversions as claimed_conversions,
        claims.goal_amount_local as claimed_amount_local,
        claims.currency_code,
        -- Nothing is nothing in any currency, also in one without a rate.
        cast(
            case
                when claims.currency_code = settings.reporting_currency
                    then claims.goal_amount_local
                when claims.goal_amount_local = 0 then 0
                else {{ convert_amount(
                    "claims.goal_amount_local", "rates.units_local", "rates.units_reporting"
                ) }}
            end as decimal(38, 6)
        ) as claimed_amount,
        claims.load_id,
        claims.valid_from,
        claims.valid_to
    from joined as claims
    cross join settings
    left join rates
        on
            claims.claim_date = rates.date_day
            and claims.currency_code = rates.currency_code
)

select * from final
