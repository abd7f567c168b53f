{{ config(
    materialized="incremental",
    incremental_strategy="replace_days",
    unique_key="session_key",
    on_schema_change="fail",
    meta={"replaced_from": "int_sessions__changed_days", "replaced_columns": ["record_date"]},
) }}

-- Weak goals that events alone speak of, one per visit and day, however often the visit reached it,
-- with the channel and campaign of the visit's first touch, and the day that touch is of: a visit's
-- number may come again on another day. An event of a browser that may not be known, or of no
-- visit, stands for itself. Events are read where they were landed, for the days that changed; a
-- visit of any other day is placed anew where its touch was, or is now, on a day whose touches
-- changed.
{%- set held_columns = [
    "source", "goal", "session_key", "lone_event_key", "record_date", "reached_at", "reached_date",
    "client_id", "user_id", "has_analytics_consent", "is_first",
] %}
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

settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

changed_days as (
    select record_date from {{ ref("int_sessions__changed_days") }}
),

days_to_read as (
    select record_date from changed_days
    union
    select {{ add_days("record_date", -1) }} as record_date
    from {{ ref("int_events__changed_days") }}
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
            and _day in (select record_date from days_to_read)
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

pieces as (
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
),

-- A visit that goes on past midnight reaches a goal once: the piece of the day after is not its
-- first.
days_after as (
    select
        goal,
        session_key,
        {{ add_days("record_date", 1) }} as record_date
    from pieces
    where session_key is not null
),

read_anew as (
    select
        pieces.*,
        {{ local_date("pieces.reached_at", "settings.reporting_zone") }} as reached_date,
        days_after.session_key is null as is_first
    from pieces
    cross join settings
    left join days_after
        on
            pieces.goal = days_after.goal
            and pieces.session_key = days_after.session_key
            and pieces.record_date = days_after.record_date
    {% if is_incremental() %}
        where pieces.record_date in (select record_date from changed_days)
    {% endif %}
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

touched_days as (
    select record_date
    from {{ ref("int_touches__changed_days") }}
    where touch_type = 'ga4_session'
),

{% if is_incremental() %}
    -- All that is held of a visit is written again with whatever is new of it.
    written_sessions as (
        select session_key
        from session_touches
        where record_date in (select record_date from touched_days)
        union
        select session_key
        from {{ this }}
        where touch_date in (select record_date from touched_days)
        union
        select session_key
        from read_anew
        where session_key is not null
    ),
{% endif %}

days as (
    select {{ held_columns | join(", ") }} from read_anew
    {% if is_incremental() %}
        union all
        select {{ held_columns | join(", ") }}
        from {{ this }}
        where
            record_date not in (select record_date from changed_days)
            and session_key in (select session_key from written_sessions)
    {% endif %}
),

touches as (
    select *
    from session_touches
    {% if is_incremental() %}
        where session_key in (select session_key from days)
    {% endif %}
    qualify row_number() over (partition by session_key order by record_date) = 1
),

final as (
    select
        days.*,
        coalesce(touches.channel, '(observed, unattributed)') as channel,
        touches.platform,
        touches.account_id,
        touches.campaign_id,
        touches.record_date as touch_date
    from days
    left join touches on days.session_key = touches.session_key
)

select * from final
