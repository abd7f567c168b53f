-- What Meta says its ads caused. Action types overlap: one conversion is a row under each. Meta
-- does not say what it modelled.
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

-- The windows of clicks and views together that the company calls its headline.
headlines as (
    select distinct
        click_window_days,
        view_window_days
    from {{ source("company", "headline_claims") }}
    where
        source = 'meta_ads'
        and include_view
        and click_window_days is not null
        and view_window_days is not null
),

-- A window is named as Meta names it: 7d_click, 1d_view, or several in one, 7d_click_1d_view. The
-- plain count follows the ad set's own setting. A name that says more (7d_click_first_conversion,
-- 7d_click_1d_view_incrementality) is of another definition, which has no name here.
named as (
    select
        *,
        attribution_window = 'default' as is_default,
        nullif(
            regexp_extract(
                case attribution_window
                    when 'default' then attribution_setting
                    else attribution_window
                end,
                '^[0-9]+d_(click|view|ev)(_[0-9]+d_(click|view|ev))*$'
            ),
            ''
        ) as definition
    from source
),

-- An engaged view (1d_ev) is a view; a setting that counts it and no other view has no name here.
measured as (
    select
        *,
        case
            when definition not like '%d_ev%' or definition like '%d_view%'
                then try_cast(
                    nullif(regexp_extract(definition, '([0-9]+)d_click', 1), '') as integer
                )
        end as click_window_days,
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

-- Ad sets have unlike settings, and so have their plain counts. Meta answers no window of clicks
-- and views together: that is the sum of the two, in which no conversion is counted twice.
summed as (
    select
        measured._load_id,
        measured._day,
        measured.account_id,
        measured.account_currency,
        measured.campaign_id,
        measured.adset_id,
        measured.ad_id,
        measured.date_start,
        measured.action_type,
        headlines.click_window_days,
        headlines.view_window_days,
        cast(sum(measured.action_count) as decimal(18, 6)) as action_count,
        cast(sum(measured.action_value) as decimal(18, 6)) as action_value
    from measured
    inner join headlines
        on
            not measured.is_default
            and (
                measured.click_window_days = headlines.click_window_days
                and measured.view_window_days is null
                or measured.view_window_days = headlines.view_window_days
                and measured.click_window_days is null
            )
    group by all
),

unioned as (
    select
        _load_id,
        _day,
        account_id,
        account_currency,
        campaign_id,
        adset_id,
        ad_id,
        date_start,
        action_type,
        click_window_days,
        view_window_days,
        action_count,
        action_value,
        row_count
    from deduplicated
    union all
    select
        summed.*,
        cast(0 as bigint) as row_count
    from summed
    where
        not exists (
            select 1
            from deduplicated
            where
                summed._load_id = deduplicated._load_id
                and summed.account_id = deduplicated.account_id
                and summed.ad_id = deduplicated.ad_id
                and summed.date_start = deduplicated.date_start
                and summed.action_type = deduplicated.action_type
                and summed.click_window_days = deduplicated.click_window_days
                and summed.view_window_days = deduplicated.view_window_days
        )
),

final as (
    select
        'meta_ads' as source,
        'actions' as stream,
        cast(null as {{ dbt.type_string() }}) as feed,
        'meta_ads' as platform,
        'act_' || unioned.account_id as account_id,
        unioned.campaign_id,
        unioned.adset_id as ad_group_id,
        unioned.ad_id,
        unioned.date_start as claim_date,
        unioned.action_type as action_id,
        unioned.action_type as action_name,
        -- What happens on Meta is counted on the day of the impression, what happens elsewhere on
        -- the day it happens (action_report_time=mixed, the only way since June 2025).
        case
            when
                unioned.action_type like 'onsite_conversion.%'
                or unioned.action_type like 'post%'
                or unioned.action_type in (
                    'link_click', 'page_engagement', 'video_view', 'photo_view', 'like', 'comment',
                    'rsvp', 'checkin', 'leadgen_grouped'
                )
                then 'impression_date'
            else 'conversion_date'
        end as date_basis,
        'last_touch' as attribution_model,
        unioned.click_window_days,
        unioned.view_window_days,
        unioned.click_window_days is null
        and unioned.view_window_days is not null as is_view_through,
        cast(null as boolean) as is_modelled,
        unioned.account_currency as currency_code,
        accounts.time_zone,
        coalesce(unioned.action_count, 0) as claimed_conversions,
        unioned.action_value as claimed_amount_local,
        in_force.load_id is not null as is_current,
        unioned.row_count as _rows,
        unioned._day,
        unioned._load_id
    from unioned
    left join accounts on unioned.account_id = accounts.account_id
    left join in_force
        on unioned._day = in_force.day and unioned._load_id = in_force.load_id
)

select * from final
