with source as (
    select * from {{ source("raw_files", "claims__loads") }}
),

in_force as (
    select distinct
        day,
        load_id
    from {{ source("trueup", "current_days") }}
    where source = 'files' and stream = 'claims'
),

final as (
    select
        'files' as source,
        'claims' as stream,
        source.feed,
        coalesce(source.platform, source.feed) as platform,
        source.account_id,
        source.campaign_id,
        source.ad_group_id,
        source.ad_id,
        source.claim_date,
        source.action_id,
        source.action_name,
        source.date_basis,
        source.attribution_model,
        cast(source.click_window_days as integer) as click_window_days,
        cast(source.view_window_days as integer) as view_window_days,
        source.is_view_through,
        source.is_modelled,
        source.currency_code,
        source.time_zone,
        cast(source.claimed_conversions as decimal(18, 6)) as claimed_conversions,
        cast(source.claimed_amount_local as decimal(18, 6)) as claimed_amount_local,
        in_force.load_id is not null as is_current,
        cast(1 as bigint) as _rows,
        source._day,
        source._load_id
    from source
    left join in_force on source._day = in_force.day and source._load_id = in_force.load_id
)

select * from final
