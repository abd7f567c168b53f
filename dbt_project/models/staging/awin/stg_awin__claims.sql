-- A sale a publisher claims, with the order it names in the place of an ad group and its own id in
-- that of an ad. What was declined or deleted claims nothing. Beside the sale stands, as an action
-- of its own, the commission that is expected of it while it is pending.
with source as (
    select * from {{ source("raw_awin", "transactions__loads") }}
),

in_force as (
    select distinct
        day,
        load_id
    from {{ source("trueup", "current_days") }}
    where source = 'awin' and stream = 'transactions'
),

stood as (
    select
        source.*,
        {{ affiliate_action("source.type") }} as action,
        source.commission_status in ('pending', 'approved') as is_claimed
    from source
),

unioned as (
    select
        *,
        action as action_id,
        cast(case when is_claimed then 1 else 0 end as decimal(18, 6)) as claimed_conversions,
        case when is_claimed then sale_amount else 0 end as claimed_amount_local,
        sale_currency as currency_code,
        1 as row_count
    from stood
    union all
    select
        *,
        'commission_pending' as action_id,
        cast(1 as decimal(18, 6)) as claimed_conversions,
        commission_amount as claimed_amount_local,
        commission_currency as currency_code,
        0 as row_count
    from stood
    where commission_status = 'pending'
),

final as (
    select
        'awin' as source,
        'transactions' as stream,
        cast(null as {{ dbt.type_string() }}) as feed,
        'awin' as platform,
        unioned.advertiser_id as account_id,
        unioned.publisher_id as campaign_id,
        nullif(unioned.order_ref, '') as ad_group_id,
        unioned.id as ad_id,
        unioned.transaction_date as claim_date,
        unioned.action_id,
        unioned.action_id as action_name,
        'conversion_date' as date_basis,
        'last_click' as attribution_model,
        cast(null as integer) as click_window_days,
        cast(null as integer) as view_window_days,
        false as is_view_through,
        false as is_modelled,
        unioned.currency_code,
        cast(null as {{ dbt.type_string() }}) as time_zone,
        unioned.claimed_conversions,
        cast(unioned.claimed_amount_local as decimal(18, 6)) as claimed_amount_local,
        in_force.load_id is not null as is_current,
        cast(unioned.row_count as bigint) as _rows,
        unioned._day,
        unioned._load_id
    from unioned
    left join in_force
        on unioned._day = in_force.day and unioned._load_id = in_force.load_id
)

select * from final
