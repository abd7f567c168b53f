-- Claims by the day of the conversion, of the definition that is a platform's headline: where it
-- tells the same by the day of the click too, that would grow for as long as its window is long.
with claims as (
    select * from {{ ref("fct_platform_claims") }}
    where goal is not null
),

headlines as (
    select
        source,
        feed,
        action_key,
        date_basis,
        click_window_days,
        view_window_days,
        is_view_through
    from claims
    where is_headline
    group by all
),

twins as (
    select distinct
        headlines.action_key,
        headlines.date_basis,
        headlines.click_window_days,
        headlines.view_window_days,
        headlines.is_view_through
    from headlines
    inner join claims
        on
            headlines.action_key = claims.action_key
            and claims.date_basis = 'conversion_date'
            and headlines.click_window_days is not distinct from claims.click_window_days
            and headlines.view_window_days is not distinct from claims.view_window_days
            and headlines.is_view_through is not distinct from claims.is_view_through
),

chosen as (
    select distinct
        headlines.action_key,
        headlines.click_window_days,
        headlines.view_window_days,
        headlines.is_view_through,
        case when twins.action_key is null then headlines.date_basis else 'conversion_date' end
            as date_basis
    from headlines
    left join twins
        on
            headlines.action_key = twins.action_key
            and headlines.date_basis = twins.date_basis
            and headlines.click_window_days is not distinct from twins.click_window_days
            and headlines.view_window_days is not distinct from twins.view_window_days
            and headlines.is_view_through is not distinct from twins.is_view_through
),

final as (
    select
        claims.platform,
        claims.account_id,
        claims.campaign_id,
        coalesce(claims.action_name, claims.action_id) as action_name,
        claims.goal,
        claims.tier,
        claims.claim_date,
        claims.date_basis,
        -- By the day of a click, it is not over before its window is.
        case when claims.date_basis = 'conversion_date' then 3 else claims.click_window_days end
            as days_until_filled,
        sum(claims.claimed_conversions) as claimed_conversions,
        sum(claims.claimed_amount) as claimed_amount
    from claims
    inner join chosen
        on
            claims.action_key = chosen.action_key
            and claims.date_basis = chosen.date_basis
            and claims.click_window_days is not distinct from chosen.click_window_days
            and claims.view_window_days is not distinct from chosen.view_window_days
            and claims.is_view_through is not distinct from chosen.is_view_through
    group by all
)

select * from final
