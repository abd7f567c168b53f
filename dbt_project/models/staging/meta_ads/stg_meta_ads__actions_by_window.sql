{{ config(
    materialized="incremental",
    incremental_strategy="delete+insert",
    unique_key="_load_id",
    on_schema_change="fail",
) }}

-- What a load says stays as it said it, so only new loads are read, and years of loads are not read
-- again every day.
with source as (
    select * from {{ source("raw_meta_ads", "actions__loads") }}
    {% if is_incremental() %}
        where _load_id in (select load_id from {{ source("trueup", "new_loads") }})
    {% endif %}
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

final as (
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
)

select * from final
