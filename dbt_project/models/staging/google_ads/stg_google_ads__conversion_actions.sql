with source as (
    select * from {{ source("raw_google_ads", "conversion_actions") }}
),

final as (
    select
        customer_id as account_id,
        conversion_action_id as action_id,
        name as action_name,
        status,
        type as action_type,
        category,
        counting_type,
        primary_for_goal as is_primary,
        attribution_model,
        click_through_lookback_window_days as click_window_days,
        view_through_lookback_window_days as view_window_days,
        _day,
        _load_id
    from source
)

select * from final
