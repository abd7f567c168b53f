-- Weak conversions, and by what each is counted: once where the same unit had not reached the same
-- goal by the same channel (or campaign) in the window before.
with weak_goals as (
    select * from {{ ref("int_weak_goals__unioned") }}
),

repeated as (
    select * from {{ ref("int_weak_goals__repeated") }}
),

final as (
    select
        weak_goals.conversion_id,
        weak_goals.goal,
        weak_goals.window_days,
        weak_goals.conversion_at,
        weak_goals.conversion_date,
        weak_goals.is_time_known,
        weak_goals.channel,
        weak_goals.platform,
        weak_goals.account_id,
        weak_goals.campaign_id,
        weak_goals.is_followable,
        weak_goals.client_id,
        weak_goals.user_id,
        weak_goals.customer_key,
        weak_goals.journey_id,
        not coalesce(repeated.is_repeated_by_channel, false) as is_counted_by_channel,
        not coalesce(repeated.is_repeated_by_campaign, false) as is_counted_by_campaign
    from weak_goals
    left join repeated on weak_goals.conversion_id = repeated.conversion_id
)

select * from final
