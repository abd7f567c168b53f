-- What Meta says its ads caused. Action types overlap: one conversion is a row under each. Meta
-- does not say what it modelled.
with actions as (
    select * from {{ ref("stg_meta_ads__actions_by_window") }}
),

accounts as (
    select
        account_id,
        timezone_name as time_zone
    from {{ source("raw_meta_ads", "account_settings") }}
),

in_force as (
    select distinct
        day,
        load_id
    from {{ source("trueup", "current_days") }}
    where source = 'meta_ads' and stream = 'actions'
),

final as (
    select
        'meta_ads' as source,
        'actions' as stream,
        cast(null as {{ dbt.type_string() }}) as feed,
        'meta_ads' as platform,
        'act_' || actions.account_id as account_id,
        actions.campaign_id,
        actions.adset_id as ad_group_id,
        actions.ad_id,
        actions.date_start as claim_date,
        actions.action_type as action_id,
        actions.action_type as action_name,
        -- What happens on Meta is counted on the day of the impression, what happens elsewhere on
        -- the day it happens (action_report_time=mixed, the only way since June 2025).
        case
            when
                actions.action_type like 'onsite_conversion.%'
                or actions.action_type like 'post%'
                or actions.action_type in (
                    'link_click', 'page_engagement', 'video_view', 'photo_view', 'like', 'comment',
                    'rsvp', 'checkin', 'leadgen_grouped'
                )
                then 'impression_date'
            else 'conversion_date'
        end as date_basis,
        'last_touch' as attribution_model,
        actions.click_window_days,
        actions.view_window_days,
        actions.click_window_days is null
        and actions.view_window_days is not null as is_view_through,
        cast(null as boolean) as is_modelled,
        actions.account_currency as currency_code,
        accounts.time_zone,
        coalesce(actions.action_count, 0) as claimed_conversions,
        actions.action_value as claimed_amount_local,
        in_force.load_id is not null as is_current,
        actions.row_count as _rows,
        actions._day,
        actions._load_id
    from actions
    left join accounts on actions.account_id = accounts.account_id
    left join in_force
        on actions._day = in_force.day and actions._load_id = in_force.load_id
)

select * from final
