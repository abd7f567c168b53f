-- What Meta says its ads caused, on the day of the impression or click. Action types overlap: one
-- conversion is a row under each. Meta does not say what it modelled.
with source as (
    select * from {{ source("raw_meta_ads", "actions__loads") }}
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

-- A window is named as Meta names it: 7d_click, 1d_view, or both in one, 7d_click_1d_view. The
-- plain count follows the ad set's own setting.
named as (
    select
        *,
        attribution_window = 'default' as is_default,
        case attribution_window
            when 'default' then attribution_setting
            else attribution_window
        end as definition
    from source
),

measured as (
    select
        *,
        try_cast(nullif(regexp_extract(definition, '([0-9]+)d_click', 1), '') as integer)
            as click_window_days,
        try_cast(nullif(regexp_extract(definition, '([0-9]+)d_view', 1), '') as integer)
            as view_window_days
    from named
),

counted as (
    select
        *,
        count(*) over (
            partition by
                _load_id,
                account_id,
                ad_id,
                date_start,
                action_type,
                click_window_days,
                view_window_days
        ) as row_count
    from measured
),

-- An ad set whose setting is a single window gives the same number twice. A setting without a
-- readable window (such as mixed) is a definition nobody can name; no other number takes its place.
deduplicated as (
    select *
    from counted
    qualify
        row_number() over (
            partition by
                _load_id,
                account_id,
                ad_id,
                date_start,
                action_type,
                click_window_days,
                view_window_days
            order by is_default desc, attribution_window
        ) = 1
),

final as (
    select
        'meta_ads' as source,
        'actions' as stream,
        cast(null as {{ dbt.type_string() }}) as feed,
        'meta_ads' as platform,
        'act_' || deduplicated.account_id as account_id,
        deduplicated.campaign_id,
        deduplicated.adset_id as ad_group_id,
        deduplicated.ad_id,
        deduplicated.date_start as claim_date,
        deduplicated.action_type as action_id,
        deduplicated.action_type as action_name,
        'impression_date' as date_basis,
        'last_touch' as attribution_model,
        deduplicated.click_window_days,
        deduplicated.view_window_days,
        deduplicated.click_window_days is null
        and deduplicated.view_window_days is not null as is_view_through,
        cast(null as boolean) as is_modelled,
        deduplicated.account_currency as currency_code,
        accounts.time_zone,
        coalesce(deduplicated.action_count, 0) as claimed_conversions,
        deduplicated.action_value as claimed_amount_local,
        in_force.load_id is not null as is_current,
        deduplicated.row_count as _rows,
        deduplicated._day,
        deduplicated._load_id
    from deduplicated
    left join accounts on deduplicated.account_id = accounts.account_id
    left join in_force
        on deduplicated._day = in_force.day and deduplicated._load_id = in_force.load_id
)

select * from final
