with source as (
    select * from {{ source("raw_google_ads", "conversion_actions") }}
),

final as (
    select
        'google_ads' as source,
        'conversion_actions' as stream,
        'google_ads' as platform,
        customer_id as account_id,
        conversion_action_id as action_id,
        name as action_name,
        status,
        primary_for_goal as is_primary,
        lower(regexp_replace(attribution_model, '^GOOGLE_(SEARCH_ATTRIBUTION|ADS)_', ''))
            as attribution_model,
        cast(click_through_lookback_window_days as integer) as click_window_days,
        cast(view_through_lookback_window_days as integer) as view_window_days,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from source
)

select * from final
