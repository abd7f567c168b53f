-- What each model credits a touch with, of the days that changed. A model weighs touches as it
-- likes; what it weighed up to a touch, as a share of the whole, is rounded to twelve places, and
-- the touch is credited with what that is more than up to the touch before. So nothing is lost by
-- rounding, and the last touch of a conversion makes up the whole. Touches of no credit have no
-- row.
with changed_days as (
    select conversion_date from {{ ref("int_attribution__changed_days") }}
),

touches as (
    select
        conversion_id,
        touch_id,
        position,
        touch_count,
        is_assist,
        lag_days - min(lag_days) over (partition by conversion_id) as days_before_last
    from {{ ref("fct_journeys") }}
    where conversion_date in (select conversion_date from changed_days)
),

weighed as (
    select
        conversion_id,
        touch_id,
        position,
        'first_touch' as model,
        cast(1 as decimal(20, 18)) as weight
    from touches
    where position = 1
    union all
    select
        conversion_id,
        touch_id,
        position,
        'last_touch' as model,
        cast(1 as decimal(20, 18)) as weight
    from touches
    where position = touch_count
    union all
    select
        conversion_id,
        touch_id,
        position,
        'last_non_direct' as model,
        cast(1 as decimal(20, 18)) as weight
    from touches
    where not is_assist
    union all
    select
        conversion_id,
        touch_id,
        position,
        'linear' as model,
        cast(1 as decimal(20, 18)) as weight
    from touches
    union all
    -- 40 % to the first and the last, 20 % to all between; where there are none, half to each
    select
        conversion_id,
        touch_id,
        position,
        'position_based' as model,
        cast(
            case
                when touch_count <= 2 then 1
                when position in (1, touch_count) then 0.4
                else 0.2 / (touch_count - 2)
            end as decimal(20, 18)
        ) as weight
    from touches
    union all
    -- Half as much for every seven days that a touch came before the last one
    select
        conversion_id,
        touch_id,
        position,
        'time_decay' as model,
        cast(power(2, -days_before_last / 7.0) as decimal(20, 18)) as weight
    from touches
),

added_up as (
    select
        conversion_id,
        touch_id,
        position,
        model,
        sum(weight) over (
            partition by conversion_id, model
            order by position rows between unbounded preceding and current row
        ) as weight_so_far,
        sum(weight) over (partition by conversion_id, model) as weight
    from weighed
),

shared as (
    select
        conversion_id,
        touch_id,
        position,
        model,
        cast(weight_so_far / weight as decimal(18, 12)) as credit_so_far
    from added_up
),

credited as (
    select
        conversion_id,
        touch_id,
        model,
        credit_so_far,
        cast(
            credit_so_far - lag(credit_so_far, 1, 0) over (
                partition by conversion_id, model order by position
            ) as decimal(18, 12)
        ) as credit
    from shared
),

final as (
    select * from credited
    where credit > 0
)

select * from final
