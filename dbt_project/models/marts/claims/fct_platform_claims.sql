-- The history's current versions, with the goal they count towards and whether they are the one
-- definition the company calls the platform's number.
with claims as (
    select * from {{ ref("fct_platform_claims_history") }}
    where valid_to is null
),

mappings as (
    select
        source,
        selector,
        goal,
        is_headline
    from {{ source("company", "goal_mappings") }}
),

goals as (
    select
        goal,
        tier
    from {{ source("company", "goals") }}
),

headlines as (
    select * from {{ source("company", "headline_claims") }}
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

actions as (
    select distinct
        claim_key,
        source,
        action_id,
        action_name
    from claims
),

-- An action is mapped by its id or, more readably, by its name; the id wins.
mapped as (
    select
        actions.claim_key,
        mappings.goal,
        mappings.is_headline
    from actions
    inner join mappings
        on
            actions.source = mappings.source
            and mappings.selector in (actions.action_id, actions.action_name)
    qualify
        row_number() over (
            partition by actions.claim_key
            order by
                case when mappings.selector = actions.action_id then 0 else 1 end,
                mappings.goal
        ) = 1
),

final as (
    select
        claims.claim_key,
        claims.source,
        claims.platform,
        claims.account_id,
        claims.campaign_id,
        claims.ad_group_id,
        claims.ad_id,
        claims.claim_date,
        claims.action_id,
        claims.action_name,
        mapped.goal,
        goals.tier,
        claims.definition_key,
        claims.date_basis,
        claims.attribution_model,
        claims.click_window_days,
        claims.view_window_days,
        claims.is_view_through,
        claims.is_modelled,
        claims.time_zone,
        coalesce(mapped.is_headline and headlines.source is not null, false) as is_headline,
        claims.claimed_conversions,
        claims.claimed_amount_local,
        claims.currency_code,
        case
            when claims.currency_code = settings.reporting_currency
                then claims.claimed_amount_local
            else {{ convert_amount(
                "claims.claimed_amount_local", "rates.units_local", "rates.units_reporting"
            ) }}
        end as claimed_amount,
        claims.load_id,
        claims.valid_from
    from claims
    cross join settings
    left join mapped on claims.claim_key = mapped.claim_key
    left join goals on mapped.goal = goals.goal
    -- View-through rows of their own are never the headline: with `include_view` it is the row
    -- that counts clicks and views together.
    left join headlines
        on
            claims.source = headlines.source
            and claims.date_basis = headlines.date_basis
            and not coalesce(claims.is_view_through, false)
            and claims.click_window_days
            is not distinct from coalesce(headlines.click_window_days, claims.click_window_days)
            and claims.view_window_days is not distinct from case
                when headlines.include_view
                    then coalesce(headlines.view_window_days, claims.view_window_days)
            end
    left join rates
        on
            claims.claim_date = rates.date_day
            and claims.currency_code = rates.currency_code
)

select * from final
