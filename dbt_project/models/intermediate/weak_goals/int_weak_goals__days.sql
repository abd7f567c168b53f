{{ config(
    materialized="incremental",
    incremental_strategy="replace_days",
    on_schema_change="fail",
    meta={"replaced_from": "int_events__changed_days", "replaced_columns": ["record_date"]},
) }}

-- Weak goals that events alone speak of, one per visit and day, however often the visit reached it.
-- An event of a browser that may not be known, or of no visit, stands for itself. Read where it was
-- landed, for the days that changed.
with visit_goals as (
    select
        source,
        selector,
        goal,
        is_engagement
    from {{ source("company", "visit_goals") }}
),

engagement_goals as (
    select source
    from visit_goals
    where is_engagement
),

changed_days as (
    select record_date from {{ ref("int_events__changed_days") }}
),

events as (
    select
        source,
        event_key,
        event_name,
        event_at,
        session_key,
        client_id,
        user_id,
        is_engaged,
        has_analytics_consent,
        _day as record_date
    from {{ ref("shape_events") }}
    where
        (
            (source, event_name) in (
                select
                    source,
                    selector
                from visit_goals
            )
            or (is_engaged and source in (select source from engagement_goals))
        )
        {% if is_incremental() %}
            and _day in (select record_date from changed_days)
        {% endif %}
),

reached as (
    select
        events.*,
        visit_goals.goal,
        case when events.session_key is null then events.event_key end as lone_event_key
    from events
    inner join visit_goals
        on
            events.source = visit_goals.source
            and (
                events.event_name = visit_goals.selector
                or (events.is_engaged and visit_goals.is_engagement)
            )
),

final as (
    select
        source,
        goal,
        session_key,
        lone_event_key,
        record_date,
        min(event_at) as reached_at,
        min(client_id) as client_id,
        min(user_id) as user_id,
        bool_and(has_analytics_consent) as has_analytics_consent
    from reached
    group by source, goal, session_key, lone_event_key, record_date
)

select * from final
