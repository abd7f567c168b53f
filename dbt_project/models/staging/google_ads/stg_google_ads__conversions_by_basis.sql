-- What Google counts, by the day of the click, of the view and of the conversion.
with by_click as (
    select * from {{ source("raw_google_ads", "conversions__loads") }}
),

by_conversion as (
    select * from {{ source("raw_google_ads", "conversions_by_conversion_date__loads") }}
),

final as (
    select
        'click_date' as date_basis,
        1 as _rows,
        'conversions' as stream,
        false as is_view_through,
        level,
        customer_id,
        campaign_id,
        ad_group_id,
        ad_id,
        ad_date,
        conversion_action_id,
        conversion_action_name,
        attribution_model,
        click_through_lookback_window_days as click_window_days,
        cast(null as bigint) as view_window_days,
        currency_code,
        time_zone,
        all_conversions as claimed_conversions,
        all_conversions_value as claimed_amount_local,
        _day,
        _load_id
    from by_click
    union all
    select
        'impression_date' as date_basis,
        0 as _rows,
        'conversions' as stream,
        true as is_view_through,
        level,
        customer_id,
        campaign_id,
        ad_group_id,
        ad_id,
        ad_date,
        conversion_action_id,
        conversion_action_name,
        -- The last ad seen takes it, whatever the action's model for clicks
        'LAST_VIEW' as attribution_model,
        cast(null as bigint) as click_window_days,
        view_through_lookback_window_days as view_window_days,
        currency_code,
        time_zone,
        cast(view_through_conversions as decimal(18, 6)) as claimed_conversions,
        cast(null as decimal(18, 6)) as claimed_amount_local,
        _day,
        _load_id
    from by_click
    union all
    select
        'conversion_date' as date_basis,
        1 as _rows,
        'conversions_by_conversion_date' as stream,
        false as is_view_through,
        level,
        customer_id,
        campaign_id,
        ad_group_id,
        ad_id,
        ad_date,
        conversion_action_id,
        conversion_action_name,
        attribution_model,
        click_through_lookback_window_days as click_window_days,
        cast(null as bigint) as view_window_days,
        currency_code,
        time_zone,
        all_conversions_by_conversion_date as claimed_conversions,
        all_conversions_value_by_conversion_date as claimed_amount_local,
        _day,
        _load_id
    from by_conversion
)

select * from final
