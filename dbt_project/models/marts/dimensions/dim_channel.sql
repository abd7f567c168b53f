-- The company's channels and the rows that are no channel but keep the sums whole.
with ruled as (
    select
        channel,
        bool_or(is_paid) as is_paid,
        min(position) as position
    from {{ source("company", "channel_rules") }}
    group by channel
),

rest as (
    select
        '(unmapped)' as channel,
        1001 as position
    union all
    select
        '(unallocated)' as channel,
        1002 as position
    union all
    select
        '(observed, unattributed)' as channel,
        1003 as position
    union all
    select
        '(unobserved)' as channel,
        1004 as position
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
        false as is_paid,
        false as is_mapped,
        position
    from rest
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
