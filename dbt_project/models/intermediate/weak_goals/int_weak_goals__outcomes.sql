{{ config(materialized="table") }}

-- The first strong conversion that stands and that each counted weak one became, by the same
-- browser, login, customer or person's record, within the window. Where of a sale only the day is
-- known, one of the same day comes after.
with followed as (
    select
        conversion_id,
        goal as signal_goal,
        conversion_at as signal_at,
        conversion_date as signal_date,
        is_time_known as is_signal_time_known,
        window_days,
        client_id as signal_client_id,
        user_id as signal_user_id,
        customer_key as signal_customer_key,
        journey_id as signal_journey_id
    from {{ ref("int_weak_goals__followed") }}
    where is_followable and (is_counted_by_channel or is_counted_by_campaign)
),

strong as (
    select
        conversions.conversion_id as outcome_id,
        conversions.goal,
        conversions.journey_id,
        conversions.conversion_at,
        conversions.conversion_date,
        conversions.is_time_known,
        conversions.net_amount,
        matched.client_id,
        matched.user_id,
        records.customer_key
    from {{ ref("int_conversions__reconciled") }} as conversions
    left join {{ ref("int_journeys__matched") }} as matched
        on conversions.journey_id = matched.journey_id
    left join {{ ref("int_conversions__unioned") }} as records
        on conversions.conversion_id = records.conversion_id
    where conversions.tier = 'strong' and conversions.status = 'won'
),

goal_outcomes as (
    select
        goal,
        outcome
    from {{ source("company", "goal_outcomes") }}
),

-- What ties them, one way after the other: found twice, a sale is still the first or not. All that
-- is asked of both comes along: joined later, every signal would be compared with every sale.
tied as (
    select
        followed.*,
        strong.*
    from followed
    inner join strong on followed.signal_client_id = strong.client_id
    union all
    select
        followed.*,
        strong.*
    from followed
    inner join strong on followed.signal_user_id = strong.user_id
    union all
    select
        followed.*,
        strong.*
    from followed
    inner join strong on followed.signal_customer_key = strong.customer_key
    union all
    select
        followed.*,
        strong.*
    from followed
    inner join strong on followed.signal_journey_id = strong.journey_id
),

pairs as (
    select
        tied.conversion_id,
        tied.outcome_id,
        tied.conversion_at as outcome_at,
        tied.net_amount,
        greatest(
            {{ seconds_between("tied.signal_at", "tied.conversion_at") }}, 0
        ) / 86400.0 as days_until
    from tied
    inner join goal_outcomes
        on tied.signal_goal = goal_outcomes.goal and tied.goal = goal_outcomes.outcome
    where
        tied.conversion_at <= tied.signal_at + tied.window_days * interval '1 day'
        and (
            tied.conversion_at >= tied.signal_at
            or (
                tied.conversion_date = tied.signal_date
                and not (tied.is_time_known and tied.is_signal_time_known)
            )
        )
),

final as (
    select
        conversion_id,
        outcome_id,
        outcome_at,
        cast(net_amount as decimal(38, 6)) as outcome_amount,
        cast(days_until as decimal(18, 6)) as days_until
    from pairs
    qualify
        row_number() over (
            partition by conversion_id order by outcome_at, outcome_id
        ) = 1
)

select * from final
