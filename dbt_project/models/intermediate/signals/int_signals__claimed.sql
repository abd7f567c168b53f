-- Claims of the definitions that are watched, as they are now.
with claims as (
    select * from {{ ref("fct_platform_claims") }}
),

definitions as (
    select * from {{ ref("int_signals__claim_definitions") }}
),

final as (
    select
        claims.platform,
        claims.campaign_id,
        definitions.action_name,
        definitions.goal,
        definitions.tier,
        claims.claim_date,
        definitions.days_until_filled,
        sum(claims.claimed_conversions) as claimed_conversions,
        sum(claims.claimed_amount) as claimed_amount
    from claims
    inner join definitions
        on
            claims.action_key = definitions.action_key
            and claims.goal = definitions.goal
            and claims.date_basis = definitions.date_basis
            and claims.click_window_days is not distinct from definitions.click_window_days
            and claims.view_window_days is not distinct from definitions.view_window_days
            and claims.is_view_through is not distinct from definitions.is_view_through
    group by
        claims.platform,
        claims.campaign_id,
        definitions.action_name,
        definitions.goal,
        definitions.tier,
        claims.claim_date,
        definitions.days_until_filled
)

select * from final
