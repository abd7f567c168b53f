with by_click as (
    select * from {{ source("raw_google_ads", "conversions__loads") }}
),

by_conversion as (
    select * from {{ source("raw_google_ads", "conversions_by_conversion_date__loads") }}
),

measured as (
    select
        'click_date' as date_basis,
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
),

earned_by_ads as (
    select
        _load_id,
        customer_id,
        campaign_id,
        ad_date,
        conversion_action_id,
        date_basis,
        sum(claimed_conversions) as claimed_conversions,
        sum(claimed_amount_local) as claimed_amount_local
    from measured
    where level = 'ad'
    group by
        _load_id, customer_id, campaign_id, ad_date, conversion_action_id, date_basis
),

-- The campaign level is complete, the ad level says which ad: of a campaign's claims, those that
-- no ad accounts for (all of them in Performance Max) stay on the campaign.
counted_once as (
    select
        measured.*,
        measured.claimed_conversions - case
            when measured.level = 'campaign' then coalesce(earned_by_ads.claimed_conversions, 0)
            else 0
        end as own_conversions,
        measured.claimed_amount_local - case
            when measured.level = 'campaign' then coalesce(earned_by_ads.claimed_amount_local, 0)
            else 0
        end as own_amount_local
    from measured
    left join earned_by_ads
        on
            measured._load_id = earned_by_ads._load_id
            and measured.customer_id = earned_by_ads.customer_id
            and measured.campaign_id = earned_by_ads.campaign_id
            and measured.ad_date = earned_by_ads.ad_date
            and measured.conversion_action_id = earned_by_ads.conversion_action_id
            and measured.date_basis = earned_by_ads.date_basis
),

final as (
    select
        'google_ads' as platform,
        customer_id as account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        ad_date as claim_date,
        conversion_action_id as action_id,
        conversion_action_name as action_name,
        date_basis,
        lower(
            replace(
                replace(attribution_model, 'GOOGLE_SEARCH_ATTRIBUTION_', ''), 'GOOGLE_ADS_', ''
            )
        ) as attribution_model,
        cast(click_window_days as integer) as click_window_days,
        cast(view_window_days as integer) as view_window_days,
        is_view_through,
        -- Google counts modelled conversions among the others and does not say which
        false as is_modelled,
        currency_code,
        time_zone,
        cast(own_conversions as decimal(18, 6)) as claimed_conversions,
        cast(own_amount_local as decimal(18, 6)) as claimed_amount_local,
        'google_ads' as source,
        stream,
        _day,
        _load_id
    from counted_once
    -- Google's levels may differ by a rounding error, which is nobody's claim
    where abs(own_conversions) > 0.0001 or abs(own_amount_local) >= 0.005
)

select * from final
