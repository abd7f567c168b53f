-- The touches of each conversion in their order, of the days that changed. Of two of one moment the
-- first by id counts as later, and so is the one that last touch credits. Where only the day of a
-- journey's end is known, it ended with the day; by another clock a touch may come after it, and is
-- of no days before.
with changed_days as (
    select conversion_date from {{ ref("int_attribution__changed_days") }}
),

candidates as (
    select * from {{ ref("int_attribution__candidates") }}
    where conversion_date in (select conversion_date from changed_days)
),

final as (
    select
        conversion_id,
        touch_id,
        conversion_date,
        goal,
        tier,
        touch_at,
        row_number() over (
            partition by conversion_id order by touch_at, touch_id desc
        ) as position,
        count(*) over (partition by conversion_id) as touch_count,
        cast(
            greatest({{ seconds_between("touch_at", "journey_ended_by") }}, 0) / 86400.0
            as decimal(12, 6)
        ) as lag_days,
        channel,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        is_direct,
        row_number() over (
            partition by conversion_id order by is_direct, touch_at desc, touch_id
        ) > 1 as is_assist
    from candidates
)

select * from final
