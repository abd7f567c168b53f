{{ config(materialized="table") }}

-- Headline definitions by the day of the click of which the platform tells the same claims by the
-- day of the conversion too: how it dates them need not be guessed.
with claims as (
    select distinct
        platform,
        coalesce(account_id, '(unknown)') as account_id,
        goal,
        action_key,
        date_basis,
        click_window_days,
        is_headline
    from {{ ref("fct_platform_claims") }}
    where
        goal is not null
        and view_window_days is null
        and is_view_through is not true
        and is_modelled is not true
),

final as (
    select distinct
        headlines.platform,
        headlines.account_id,
        headlines.goal,
        headlines.action_key,
        headlines.click_window_days
    from claims as headlines
    inner join claims as twins
        on
            headlines.platform = twins.platform
            and headlines.account_id = twins.account_id
            and headlines.goal = twins.goal
            and headlines.action_key = twins.action_key
            and headlines.click_window_days is not distinct from twins.click_window_days
    where
        headlines.is_headline
        and headlines.date_basis = 'click_date'
        and twins.date_basis = 'conversion_date'
)

select * from final
