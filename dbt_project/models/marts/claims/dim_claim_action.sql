-- What platforms count, as claims and the platforms' own settings name it, and the goal the company
-- file gives it.
with actions as (
    select * from {{ ref("int_claims__actions") }}
),

final as (
    select
        action_key,
        source,
        feed,
        platform,
        coalesce(account_id, '(unknown)') as account_id,
        action_id,
        action_name,
        goal,
        tier,
        is_headline,
        mapped_by,
        mapped_through as mapped_through_date,
        is_defined,
        status,
        is_primary,
        attribution_model,
        click_window_days,
        view_window_days,
        first_claim_date,
        last_claim_date
    from actions
)

select * from final
