{{ config(materialized="table") }}

with conversions as (
    select
        conversions.conversion_id,
        conversions.conversion_date,
        conversions.goal,
        conversions.tier,
        conversions.journey_id,
        conversions.customer_key,
        journeys.journey_end_at
        - settings.lookback_days * interval '1 day' as journey_starts_at,
        journeys.journey_ended_by,
        matched.session_key,
        matched.seen_at,
        matched.client_id,
        matched.user_id
    from {{ ref("int_conversions__unioned") }} as conversions
    cross join {{ source("company", "settings") }} as settings
    inner join {{ ref("int_journeys__unioned") }} as journeys
        on conversions.journey_id = journeys.journey_id
    left join {{ ref("int_journeys__matched") }} as matched
        on conversions.journey_id = matched.journey_id
),

amounts as (
    select
        conversion_id,
        sum(amount) as revenue_amount,
        sum(margin_amount) as margin_amount
    from {{ ref("fct_ledger_entries") }}
    where conversion_id is not null
    group by conversion_id
),

touches as (
    select
        touch_id,
        touch_at,
        session_key,
        client_id,
        user_id,
        customer_key,
        journey_id,
        channel,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        is_direct
    from {{ ref("fct_touches") }}
),

-- The same person is the same browser, the same login or the same customer; a record's own touch hangs
-- on it. Clocks differ: the session of the conversion counts up to when it was seen, whatever the
-- record says. A touch found in two ways is still one: only the place it takes is asked.
candidates as (
    select
        conversions.conversion_id,
        touches.*
    from conversions
    inner join touches on conversions.client_id = touches.client_id
    where
        touches.touch_at >= conversions.journey_starts_at
        and (
            touches.touch_at <= conversions.journey_ended_by
            or (
                touches.session_key = conversions.session_key
                and touches.touch_at <= conversions.seen_at
            )
        )
    union all
    select
        conversions.conversion_id,
        touches.*
    from conversions
    inner join touches on conversions.user_id = touches.user_id
    where
        touches.touch_at >= conversions.journey_starts_at
        and touches.touch_at <= conversions.journey_ended_by
    union all
    select
        conversions.conversion_id,
        touches.*
    from conversions
    inner join touches on conversions.customer_key = touches.customer_key
    where
        touches.touch_at >= conversions.journey_starts_at
        and touches.touch_at <= conversions.journey_ended_by
    union all
    select
        conversions.conversion_id,
        touches.*
    from conversions
    inner join touches on conversions.journey_id = touches.journey_id
),

ranked as (
    select
        *,
        row_number() over (
            partition by conversion_id order by touch_at desc, touch_id
        ) as place_from_last,
        row_number() over (
            partition by conversion_id order by is_direct, touch_at desc, touch_id
        ) as place_from_last_non_direct
    from candidates
),

credited as (
    select
        *,
        'last_touch' as model
    from ranked
    where place_from_last = 1
    union all
    select
        *,
        'last_non_direct' as model
    from ranked
    where place_from_last_non_direct = 1
),

final as (
    select
        credited.conversion_id,
        credited.touch_id,
        credited.model,
        conversions.conversion_date,
        conversions.goal,
        conversions.tier,
        credited.touch_at,
        credited.channel,
        credited.platform,
        credited.account_id,
        credited.campaign_id,
        credited.ad_group_id,
        credited.ad_id,
        cast(1 as decimal(9, 6)) as credit,
        cast(coalesce(amounts.revenue_amount, 0) as decimal(18, 6)) as revenue_amount,
        cast(amounts.margin_amount as decimal(18, 6)) as margin_amount
    from credited
    inner join conversions on credited.conversion_id = conversions.conversion_id
    left join amounts on credited.conversion_id = amounts.conversion_id
)

select * from final
