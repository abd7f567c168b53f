-- Weak goals of visits, each on the day the visit reached it first. What names one is long and is
-- made of columns the days have, so it is made here and held nowhere.
with days as (
    select * from {{ ref("int_weak_goals__days") }}
    where is_first
),

named as (
    select
        *,
        source || ':visit:' || coalesce(session_key, lone_event_key) as journey_id
    from days
),

final as (
    select
        journey_id
        -- a browser may send the number of an old visit again
        || case
            when session_key is null then ''
            else ':' || cast(record_date as {{ dbt.type_string() }})
        end
        || ':' || goal as conversion_id,
        source,
        journey_id,
        goal,
        session_key,
        lone_event_key,
        client_id,
        user_id,
        has_analytics_consent,
        reached_at as conversion_at,
        reached_date as conversion_date,
        channel,
        platform,
        account_id,
        campaign_id,
        record_date
    from named
)

select * from final
