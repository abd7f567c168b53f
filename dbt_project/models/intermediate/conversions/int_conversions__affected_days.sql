{{ config(materialized="table") }}

-- Days of conversions that may read differently now, each with the day the journey ended.
with conversions as (
    select
        conversion_id,
        journey_id,
        conversion_date,
        journey_end_date,
        platform,
        campaign_id,
        {{ slug("utm_campaign") }} as campaign_alias,
        nullif(regexp_extract(landing_page, '[?&]utm_id=([^&#]+)', 1), '') as link_campaign_id,
        click_id
    from {{ ref("int_conversions__unioned") }}
),

settings as (
    select
        reporting_zone,
        lookback_days
    from {{ source("company", "settings") }}
),

covered as (
    select
        covered_before,
        completed_build_id
    from {{ ref("int_builds__covered") }}
),

rematched as (
    select journey_id
    from {{ ref("int_journeys__matched") }}
    where changed_by_build_id > (select completed_build_id from covered)
),

refunded as (
    select conversion_id
    from {{ ref("int_files__refunded_orders") }}
    where changed_by_build_id > (select completed_build_id from covered)
),

new_loads as (
    select load_id from {{ source("trueup", "new_loads") }}
),

changed_records as (
    select record_id from {{ ref("int_conversions__changed_records") }}
),

changed_campaigns as (
    select
        platform,
        campaign_id,
        alias
    from {{ ref("int_campaigns__changed") }}
),

changed_days as (
    select
        source,
        day
    from {{ source("trueup", "changed_days") }}
    where source in ('fx_rates', 'files')
),

-- Attribution looks back over the lookback; zones may shift either end by a day.
reached_days as (
    select dates.date_day
    from {{ ref("int_dates__spined") }} as dates
    cross join settings
    inner join {{ ref("int_sessions__affected_days") }} as sessions
        on
            dates.date_day >= {{ add_days("sessions.record_date", -1) }}
            and dates.date_day
            <= {{ add_days("sessions.record_date", "settings.lookback_days + 1") }}
),

-- A rate is carried for five days.
reached_entries as (
    select entries.conversion_id
    from {{ ref("int_ledger_entries__unioned") }} as entries
    inner join changed_days
        on
            changed_days.source = 'fx_rates'
            and entries.entry_date >= changed_days.day
            and entries.entry_date <= {{ add_days("changed_days.day", 5) }}
    union
    select conversion_id
    from {{ ref("int_ledger_entries__unioned") }}
    where entry_date > (select covered_before from covered)
),

reached_conversions as (
    select
        conversion_date,
        journey_end_date
    from conversions
    where
        conversion_date > (select covered_before from covered)
        or conversion_id in (select record_id from changed_records)
        or journey_id in (select record_id from changed_records)
        or journey_id in (select journey_id from rematched)
        or journey_end_date in (select date_day from reached_days)
        or conversion_id in (select conversion_id from reached_entries)
        or conversion_id in (select conversion_id from refunded)
        or click_id in (select click_id from {{ ref("int_clicks__changed") }})
        or campaign_alias in (select alias from changed_campaigns)
        or campaign_id in (select campaign_id from changed_campaigns)
        or link_campaign_id in (select campaign_id from changed_campaigns)
),

deal_moments as (
    select
        deal_id,
        created_at as moment
    from {{ ref("stg_hubspot__deals") }}
    union
    select
        deal_id,
        entered_at as moment
    from {{ ref("stg_hubspot__deal_stages") }}
),

-- Days a conversion may have left: an order that turned out a test, a contact without its form,
-- a deal merged into another, a row a file no longer has.
left_days as (
    select {{ local_date("orders.ordered_at", "settings.reporting_zone") }} as left_day
    from {{ ref("stg_shopify__orders") }} as orders
    cross join settings
    where orders._load_id in (select load_id from new_loads)
    union
    select {{ local_date("contacts.created_at", "settings.reporting_zone") }} as left_day
    from {{ ref("stg_hubspot__contacts") }} as contacts
    cross join settings
    where contacts._load_id in (select load_id from new_loads)
    union
    select {{ local_date("deal_moments.moment", "settings.reporting_zone") }} as left_day
    from {{ ref("stg_hubspot__merges") }} as merged
    inner join deal_moments on merged.merged_id = deal_moments.deal_id
    cross join settings
    where
        merged.record_type = 'deal'
        and merged._load_id in (select load_id from new_loads)
    union
    select day as left_day
    from changed_days
    where source = 'files'
),

final as (
    select distinct
        conversion_date,
        journey_end_date
    from reached_conversions
    union
    select
        left_day as conversion_date,
        left_day as journey_end_date
    from left_days
    union
    -- Entries no conversion is known for have no day: they are read anew in every build.
    select
        cast(null as date) as conversion_date,
        cast(null as date) as journey_end_date
)

select * from final
