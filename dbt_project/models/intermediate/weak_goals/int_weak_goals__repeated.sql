{{ config(materialized="table") }}

-- Weak conversions whose unit had reached the same goal by the same channel (or campaign) in the
-- window before: these are not counted by it. Most units reach a goal once, and of these nothing
-- need be sorted.
with followable as (
    select
        conversion_id,
        conversion_at,
        window_days,
        by_channel,
        by_campaign
    from {{ ref("int_weak_goals__unioned") }}
    where is_followable
),

again_by_channel as (
    select by_channel
    from followable
    group by by_channel
    having count(*) > 1
),

again_by_campaign as (
    select by_campaign
    from followable
    group by by_campaign
    having count(*) > 1
),

previous as (
    select
        conversion_id,
        'channel' as dimension,
        conversion_at,
        window_days,
        lag(conversion_at) over (
            partition by by_channel order by conversion_at, conversion_id
        ) as previous_at
    from followable
    where by_channel in (select by_channel from again_by_channel)
    union all
    select
        conversion_id,
        'campaign' as dimension,
        conversion_at,
        window_days,
        lag(conversion_at) over (
            partition by by_campaign order by conversion_at, conversion_id
        ) as previous_at
    from followable
    where by_campaign in (select by_campaign from again_by_campaign)
),

final as (
    select
        conversion_id,
        bool_or(dimension = 'channel') as is_repeated_by_channel,
        bool_or(dimension = 'campaign') as is_repeated_by_campaign
    from previous
    where conversion_at <= previous_at + window_days * interval '1 day'
    group by conversion_id
)

select * from final
