{{ config(
    materialized="incremental",
    incremental_strategy="replace_days",
    unique_key="conversion_id",
    on_schema_change="fail",
    meta={
        "replaced_from": "int_conversions__affected_days",
        "replaced_columns": ["conversion_date"],
    },
) }}

with affected_days as (
    select conversion_date from {{ ref("int_conversions__affected_days") }}
),

conversions as (
    select
        conversions.conversion_id,
        conversions.conversion_date,
        conversions.goal,
        conversions.tier,
        conversions.journey_id,
        conversions.journey_end_at,
        matched.session_key,
        matched.seen_at,
        matched.client_id,
        matched.user_id,
        conversions.journey_end_at
        - settings.lookback_days * interval '1 day' as journey_starts_at
    from {{ ref("int_conversions__unioned") }} as conversions
    cross join {{ source("company", "settings") }} as settings
    left join {{ ref("int_journeys__matched") }} as matched
        on conversions.journey_id = matched.journey_id
    {% if is_incremental() %}
        where conversions.conversion_date in (select conversion_date from affected_days)
    {% endif %}
),

amounts as (
    select
        conversion_id,
        sum(amount) as revenue_amount,
        sum(margin_amount) as margin_amount
    from {{ ref("fct_ledger_entries") }}
    where conversion_id in (select conversion_id from conversions)
    group by conversion_id
),

touches as (
    select
        touch_id,
        touch_at,
        session_key,
        client_id,
        user_id,
        journey_id,
        channel,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        is_direct
    from {{ ref("fct_touches") }}
    where touch_at >= (select min(journey_starts_at) from conversions)
),

-- The same person is the same browser or the same login; a record's own touch hangs on it. Clocks
-- differ: the session of the conversion counts up to when GA4 saw it, whatever the record says.
candidates as (
    select
        conversions.conversion_id,
        touches.touch_id
    from conversions
    inner join touches on conversions.client_id = touches.client_id
    where
        touches.touch_at >= conversions.journey_starts_at
        and (
            touches.touch_at <= conversions.journey_end_at
            or (
                touches.session_key = conversions.session_key
                and touches.touch_at <= conversions.seen_at
            )
        )
    union
    select
        conversions.conversion_id,
        touches.touch_id
    from conversions
    inner join touches on conversions.user_id = touches.user_id
    where
        touches.touch_at >= conversions.journey_starts_at
        and touches.touch_at <= conversions.journey_end_at
    union
    select
        conversions.conversion_id,
        touches.touch_id
    from conversions
    inner join touches on conversions.journey_id = touches.journey_id
),

ranked as (
    select
        candidates.conversion_id,
        touches.*,
        row_number() over (
            partition by candidates.conversion_id order by touches.touch_at desc, touches.touch_id
        ) as place_from_last,
        row_number() over (
            partition by candidates.conversion_id
            order by touches.is_direct, touches.touch_at desc, touches.touch_id
        ) as place_from_last_non_direct
    from candidates
    inner join touches on candidates.touch_id = touches.touch_id
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
        cast(coalesce(amounts.revenue_amount, 0) as decimal(18, 2)) as revenue_amount,
        cast(amounts.margin_amount as decimal(18, 2)) as margin_amount
    from credited
    inner join conversions on credited.conversion_id = conversions.conversion_id
    left join amounts on credited.conversion_id = amounts.conversion_id
)

select * from final
