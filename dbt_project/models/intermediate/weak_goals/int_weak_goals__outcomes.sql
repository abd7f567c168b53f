{{ config(materialized="table") }}

-- The first strong conversion that stands and that each counted weak one became, by the same
-- browser, login, customer or person's record, within the window. Where of a sale only the day is
-- known, one of the same day comes after.
with followed as (
    select * from {{ ref("int_weak_goals__followed") }}
    where is_followable and (is_counted_by_channel or is_counted_by_campaign)
),

strong as (
    select
        conversions.conversion_id,
        conversions.goal,
        conversions.journey_id,
        conversions.conversion_at,
        conversions.conversion_date,
        conversions.is_time_known,
        conversions.net_amount,
        matched.client_id,
        matched.user_id,
        records.customer_key
    from {{ ref("fct_conversions") }} as conversions
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

weak_keys as (
    select
        conversion_id,
        'browser:' || client_id as person_key
    from followed
    where client_id is not null
    union
    select
        conversion_id,
        'login:' || user_id as person_key
    from followed
    where user_id is not null
    union
    select
        conversion_id,
        'customer:' || customer_key as person_key
    from followed
    where customer_key is not null
    union
    select
        conversion_id,
        'journey:' || journey_id as person_key
    from followed
),

strong_keys as (
    select
        conversion_id,
        'browser:' || client_id as person_key
    from strong
    where client_id is not null
    union
    select
        conversion_id,
        'login:' || user_id as person_key
    from strong
    where user_id is not null
    union
    select
        conversion_id,
        'customer:' || customer_key as person_key
    from strong
    where customer_key is not null
    union
    select
        conversion_id,
        'journey:' || journey_id as person_key
    from strong
),

pairs as (
    select
        followed.conversion_id,
        strong.conversion_id as outcome_id,
        strong.conversion_at as outcome_at,
        strong.net_amount,
        greatest(
            {{ seconds_between("followed.conversion_at", "strong.conversion_at") }}, 0
        ) / 86400.0 as days_until
    from weak_keys
    inner join strong_keys on weak_keys.person_key = strong_keys.person_key
    inner join followed on weak_keys.conversion_id = followed.conversion_id
    inner join strong on strong_keys.conversion_id = strong.conversion_id
    inner join goal_outcomes
        on followed.goal = goal_outcomes.goal and strong.goal = goal_outcomes.outcome
    where
        strong.conversion_at <= followed.conversion_at + followed.window_days * interval '1 day'
        and (
            strong.conversion_at >= followed.conversion_at
            or (
                strong.conversion_date = followed.conversion_date
                and not (strong.is_time_known and followed.is_time_known)
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
