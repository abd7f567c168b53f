{{ config(materialized="table") }}

-- How many days before a conversion a platform puts it, by its definition: the share of each lag
-- among conversions with its touch within its window, and among those beyond. None but lag 0 where
-- it dates by the conversion, nearly.
with touched as (
    select
        platform,
        account_id,
        goal,
        is_in_window,
        {{ days_between("claimable_date", "conversion_date") }} as lag_days
    from {{ ref("int_reconciliation__touched") }}
),

final as (
    select
        platform,
        account_id,
        goal,
        is_in_window,
        lag_days,
        cast(
            cast(count(*) as double)
            / sum(count(*)) over (partition by platform, account_id, goal, is_in_window)
            as decimal(18, 12)
        ) as lag_share
    from touched
    group by platform, account_id, goal, is_in_window, lag_days
)

select * from final
