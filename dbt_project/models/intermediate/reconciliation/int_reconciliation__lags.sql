{{ config(materialized="table") }}

-- How many days before a conversion a platform puts it, by its definition: the share of each lag
-- among conversions with its touch. None but lag 0 where it dates by the conversion, nearly.
with touched as (
    select
        platform,
        account_id,
        goal,
        {{ days_between("claimable_date", "conversion_date") }} as lag_days
    from {{ ref("int_reconciliation__touched") }}
    where is_in_window
),

final as (
    select
        platform,
        account_id,
        goal,
        lag_days,
        cast(
            cast(count(*) as double)
            / sum(count(*)) over (partition by platform, account_id, goal)
            as decimal(18, 12)
        ) as lag_share
    from touched
    group by platform, account_id, goal, lag_days
)

select * from final
