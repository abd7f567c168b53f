-- Toy claims what followed a click within seven days, on the day of the click.
with source as (
    select * from {{ source("raw_toy", "claims__loads") }}
),

in_force as (
    select distinct
        day,
        load_id
    from {{ source("trueup", "current_days") }}
    where source = 'toy' and stream = 'claims'
),

final as (
    select
        'toy' as source,
        'claims' as stream,
        cast(null as {{ dbt.type_string() }}) as feed,
        'toy' as platform,
        source.account_id,
        source.campaign_id,
        cast(null as {{ dbt.type_string() }}) as ad_group_id,
        source.ad_id,
        source.day as claim_date,
        source.action as action_id,
        source.action as action_name,
        'click_date' as date_basis,
        'last_click' as attribution_model,
        cast(7 as integer) as click_window_days,
        cast(null as integer) as view_window_days,
        false as is_view_through,
        cast(null as boolean) as is_modelled,
        source.currency as currency_code,
        cast(null as {{ dbt.type_string() }}) as time_zone,
        source.count as claimed_conversions,
        source.value as claimed_amount_local,
        in_force.load_id is not null as is_current,
        cast(1 as bigint) as _rows,
        source._day,
        source._load_id
    from source
    left join in_force on source._day = in_force.day and source._load_id = in_force.load_id
)

select * from final
