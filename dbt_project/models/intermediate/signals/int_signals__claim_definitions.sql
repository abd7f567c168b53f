-- The definitions by which a platform's claims are watched: its headline ones or, where it tells
-- the same by the day of the conversion too, those. By the day of a click they grow for as long as
-- the window is long.
with claims as (
    select
        action_key,
        goal,
        tier,
        date_basis,
        click_window_days,
        view_window_days,
        is_view_through,
        bool_or(is_headline) as is_headline,
        max(coalesce(action_name, action_id)) as action_name
    from {{ ref("fct_platform_claims") }}
    where goal is not null
    group by
        action_key,
        goal,
        tier,
        date_basis,
        click_window_days,
        view_window_days,
        is_view_through
),

twins as (
    select * from claims
    where date_basis = 'conversion_date'
),

chosen as (
    select distinct
        headlines.action_key,
        headlines.goal,
        headlines.tier,
        headlines.click_window_days,
        headlines.view_window_days,
        headlines.is_view_through,
        coalesce(twins.date_basis, headlines.date_basis) as date_basis
    from claims as headlines
    left join twins
        on
            headlines.action_key = twins.action_key
            and headlines.goal = twins.goal
            and headlines.click_window_days is not distinct from twins.click_window_days
            and headlines.view_window_days is not distinct from twins.view_window_days
            and headlines.is_view_through is not distinct from twins.is_view_through
    where headlines.is_headline
),

names as (
    select
        action_key,
        max(action_name) as action_name
    from claims
    group by action_key
),

final as (
    select
        chosen.action_key,
        names.action_name,
        chosen.goal,
        chosen.tier,
        chosen.date_basis,
        chosen.click_window_days,
        chosen.view_window_days,
        chosen.is_view_through,
        -- What is claimed late comes within days, or while a click may still convert.
        case
            when chosen.date_basis = 'conversion_date' then 3
            else coalesce(chosen.click_window_days, 30)
        end as days_until_filled
    from chosen
    inner join names on chosen.action_key = names.action_key
)

select * from final
