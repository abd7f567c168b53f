{{ config(materialized="table") }}

-- Days whose sessions read differently now: their events changed, a click was landed that tells
-- the campaign of a click id, or a campaign was created or renamed.
with changed_clicks as (
    select
        click_id,
        click_date
    from {{ ref("int_clicks__changed") }}
),

first_changed_click as (
    select {{ add_days("min(click_date)", -1) }} as first_day
    from changed_clicks
),

changed_campaigns as (
    select
        campaign_id,
        alias
    from {{ ref("int_campaigns__changed") }}
),

sessions as (
    select
        record_date,
        click_id,
        campaign_alias,
        manual_campaign_id
    from {{ ref("int_ga4__sessions") }}
),

final as (
    select record_date from {{ ref("int_ga4__changed_session_days") }}
    union
    select sessions.record_date
    from sessions
    inner join changed_clicks on sessions.click_id = changed_clicks.click_id
    where sessions.record_date >= (select first_day from first_changed_click)
    union
    select sessions.record_date
    from sessions
    inner join changed_campaigns on sessions.campaign_alias = changed_campaigns.alias
    union
    select sessions.record_date
    from sessions
    inner join changed_campaigns on sessions.manual_campaign_id = changed_campaigns.campaign_id
)

select * from final
