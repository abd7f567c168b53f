{{ config(materialized="table") }}

-- The instant at which a day ends is dear to find, so it is found once for each day.
with ended_days as (
    select
        days.conversion_date,
        {{ day_start(add_days("days.conversion_date", 1), "settings.reporting_zone") }}
        - interval '1 second' as day_ended_by
    from (
        select distinct conversion_date
        from {{ ref("int_conversions__unioned") }}
    ) as days
    cross join {{ source("company", "settings") }} as settings
),

-- A sale to someone who asked on a later day ended with its own day: nothing that led them to ask
-- led to it. A deal came of the lead that it names all the same where only days are known of that
-- lead: people typed both days.
ended as (
    select
        conversions.conversion_id,
        conversions.conversion_date,
        conversions.goal,
        conversions.tier,
        conversions.journey_id,
        conversions.customer_key,
        coalesce(conversions.conversion_date < journeys.journey_end_date, false)
        and (conversions.record_type <> 'deal' or conversions.is_journey_time_known)
            as is_before_journey_end,
        coalesce(goals.lookback_days, settings.lookback_days) as lookback_days,
        conversions.conversion_at,
        ended_days.day_ended_by,
        journeys.journey_end_at,
        journeys.journey_ended_by,
        matched.session_key,
        matched.seen_at,
        matched.client_id,
        matched.user_id
    from {{ ref("int_conversions__unioned") }} as conversions
    cross join {{ source("company", "settings") }} as settings
    left join ended_days on conversions.conversion_date = ended_days.conversion_date
    inner join {{ ref("int_journeys__unioned") }} as journeys
        on conversions.journey_id = journeys.journey_id
    left join {{ source("company", "goals") }} as goals on conversions.goal = goals.goal
    left join {{ ref("int_journeys__matched") }} as matched
        on conversions.journey_id = matched.journey_id
),

conversions as (
    select
        conversion_id,
        conversion_date,
        goal,
        tier,
        journey_id,
        customer_key,
        case when is_before_journey_end then conversion_at else journey_end_at end
        - lookback_days * interval '1 day' as journey_starts_at,
        case when is_before_journey_end then day_ended_by else journey_ended_by end
            as journey_ended_by,
        session_key,
        case when not is_before_journey_end then seen_at end as seen_at,
        client_id,
        user_id
    from ended
),

-- The same person is the same browser, the same login or the same customer; a record's own touch
-- hangs on it. Clocks differ: the session of the conversion counts up to when it was seen, whatever
-- the record says. A touch found in two ways is one touch: its share would count twice.
final as (
    select
        conversions.conversion_id,
        conversions.conversion_date,
        conversions.goal,
        conversions.tier,
        conversions.journey_ended_by,
        touches.touch_id,
        touches.touch_at,
        touches.channel,
        touches.platform,
        touches.account_id,
        touches.campaign_id,
        touches.ad_group_id,
        touches.ad_id,
        touches.is_direct
    from conversions
    inner join {{ ref("fct_touches") }} as touches on conversions.client_id = touches.client_id
    where
        touches.touch_at >= conversions.journey_starts_at
        and (
            touches.touch_at <= conversions.journey_ended_by
            or (
                touches.session_key = conversions.session_key
                and touches.touch_at <= conversions.seen_at
            )
        )
    union
    select
        conversions.conversion_id,
        conversions.conversion_date,
        conversions.goal,
        conversions.tier,
        conversions.journey_ended_by,
        touches.touch_id,
        touches.touch_at,
        touches.channel,
        touches.platform,
        touches.account_id,
        touches.campaign_id,
        touches.ad_group_id,
        touches.ad_id,
        touches.is_direct
    from conversions
    inner join {{ ref("fct_touches") }} as touches on conversions.user_id = touches.user_id
    where
        touches.touch_at >= conversions.journey_starts_at
        and touches.touch_at <= conversions.journey_ended_by
    union
    select
        conversions.conversion_id,
        conversions.conversion_date,
        conversions.goal,
        conversions.tier,
        conversions.journey_ended_by,
        touches.touch_id,
        touches.touch_at,
        touches.channel,
        touches.platform,
        touches.account_id,
        touches.campaign_id,
        touches.ad_group_id,
        touches.ad_id,
        touches.is_direct
    from conversions
    inner join {{ ref("fct_touches") }} as touches
        on conversions.customer_key = touches.customer_key
    where
        touches.touch_at >= conversions.journey_starts_at
        and touches.touch_at <= conversions.journey_ended_by
    union
    select
        conversions.conversion_id,
        conversions.conversion_date,
        conversions.goal,
        conversions.tier,
        conversions.journey_ended_by,
        touches.touch_id,
        touches.touch_at,
        touches.channel,
        touches.platform,
        touches.account_id,
        touches.campaign_id,
        touches.ad_group_id,
        touches.ad_id,
        touches.is_direct
    from conversions
    inner join {{ ref("fct_touches") }} as touches on conversions.journey_id = touches.journey_id
    where touches.touch_at <= conversions.journey_ended_by
)

select * from final
