{{ config(
    materialized="incremental",
    incremental_strategy="replace_days",
    unique_key="conversion_id",
    on_schema_change="fail",
    meta={"replaced_from": "int_sessions__changed_days", "replaced_columns": ["record_date"]},
) }}

-- Weak goals of visits with the channel and campaign of the visit's first touch, and the day that
-- touch is of: a visit's number may come again on another day. Made anew for days whose events
-- changed, and for visits of any day whose touch was, or is now, on a day whose touches changed.
with changed_days as (
    select record_date from {{ ref("int_sessions__changed_days") }}
),

touched_days as (
    select record_date
    from {{ ref("int_touches__changed_days") }}
    where touch_type = 'ga4_session'
),

session_touches as (
    select
        session_key,
        record_date,
        channel,
        platform,
        account_id,
        campaign_id
    from {{ ref("fct_touches") }}
    where touch_type = 'ga4_session' and session_key is not null
),

touched_sessions as (
    select session_key
    from session_touches
    where record_date in (select record_date from touched_days)
    {% if is_incremental() %}
        union
        select session_key
        from {{ this }}
        where touch_date in (select record_date from touched_days)
    {% endif %}
),

visits as (
    select * from {{ ref("int_weak_goals__visits") }}
    {% if is_incremental() %}
        where
            record_date in (select record_date from changed_days)
            or session_key in (select session_key from touched_sessions)
    {% endif %}
),

touches as (
    select *
    from session_touches
    {% if is_incremental() %}
        where session_key in (select session_key from visits)
    {% endif %}
    qualify row_number() over (partition by session_key order by record_date) = 1
),

final as (
    select
        visits.conversion_id,
        visits.goal,
        visits.session_key,
        visits.client_id,
        visits.user_id,
        visits.conversion_at,
        visits.conversion_date,
        coalesce(touches.channel, '(observed, unattributed)') as channel,
        touches.platform,
        touches.account_id,
        touches.campaign_id,
        touches.record_date as touch_date,
        visits.record_date
    from visits
    left join touches on visits.session_key = touches.session_key
)

select * from final
