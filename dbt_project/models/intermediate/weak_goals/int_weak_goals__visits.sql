{{ config(
    materialized="incremental",
    incremental_strategy="replace_days",
    on_schema_change="fail",
    meta={"replaced_from": "int_sessions__changed_days", "replaced_columns": ["record_date"]},
) }}

-- Weak goals of visits, each on the day the visit reached it first: one that goes on past midnight
-- reaches it once. Written anew for the days whose events changed, and the days after these.
with changed_days as (
    select record_date from {{ ref("int_sessions__changed_days") }}
),

pieces as (
    select * from {{ ref("int_weak_goals__days") }}
    {% if is_incremental() %}
        where record_date in (select record_date from changed_days)
    {% endif %}
),

settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

days_after as (
    select
        goal,
        session_key,
        {{ add_days("record_date", 1) }} as record_date
    from {{ ref("int_weak_goals__days") }}
    where session_key is not null
),

final as (
    select
        pieces.source || ':visit:' || coalesce(pieces.session_key, pieces.lone_event_key)
        -- a browser may send the number of an old visit again
        || case
            when pieces.session_key is null then ''
            else ':' || cast(pieces.record_date as {{ dbt.type_string() }})
        end
        || ':' || pieces.goal as conversion_id,
        pieces.source,
        pieces.source || ':visit:' || coalesce(pieces.session_key, pieces.lone_event_key)
            as journey_id,
        pieces.goal,
        pieces.session_key,
        pieces.lone_event_key,
        pieces.client_id,
        pieces.user_id,
        pieces.has_analytics_consent,
        pieces.reached_at as conversion_at,
        {{ local_date("pieces.reached_at", "settings.reporting_zone") }} as conversion_date,
        pieces.record_date
    from pieces
    cross join settings
    left join days_after
        on
            pieces.goal = days_after.goal
            and pieces.session_key = days_after.session_key
            and pieces.record_date = days_after.record_date
    where days_after.session_key is null
)

select * from final
