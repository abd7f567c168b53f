with source as (
    select * from {{ source("raw_files", "claims__loads") }}
),

final as (
    select
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        claim_date,
        action_id,
        action_name,
        date_basis,
        attribution_model,
        cast(click_window_days as integer) as click_window_days,
        cast(view_window_days as integer) as view_window_days,
        is_view_through,
        is_modelled,
        currency_code,
        time_zone,
        cast(claimed_conversions as decimal(18, 6)) as claimed_conversions,
        cast(claimed_amount_local as decimal(18, 6)) as claimed_amount_local,
        'files' as source,
        'claims' as stream,
        _load_id
    from source
)

select * from final
