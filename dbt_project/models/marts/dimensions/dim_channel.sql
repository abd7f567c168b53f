-- The channels of the company file, then those of the standard list that it does not name, then the
-- rows that are no channel but keep the sums whole.
with ruled as (
    select
        channel,
        bool_or(is_paid) as is_paid,
        min(position) as position
    from {{ source("company", "channel_rules") }}
    group by channel
),

standard as (
    select
        channel,
        is_paid,
        is_mapped,
        position
    from {{ source("company", "channels") }}
    where channel not in (select ruled.channel from ruled)
),

unioned as (
    select
        channel,
        is_paid,
        true as is_mapped,
        position
    from ruled
    union all
    select
        channel,
        is_paid,
        is_mapped,
        position + case when is_mapped then 1000 else 2000 end as position
    from standard
),

targets as (
    select
        channel,
        target_cpa_amount,
        target_roas
    from {{ source("company", "targets") }}
),

final as (
    select
        unioned.channel,
        unioned.is_paid,
        unioned.is_mapped,
        cast(unioned.position as integer) as display_order,
        cast(targets.target_cpa_amount as decimal(18, 2)) as target_cpa_amount,
        cast(targets.target_roas as decimal(9, 4)) as target_roas
    from unioned
    left join targets on unioned.channel = targets.channel
)

select * from final
