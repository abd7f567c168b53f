{{ config(materialized="view") }}

-- The triangle as it is asked for: days compare at the same age only.
with triangle as (
    select * from {{ ref("int_settlement__triangle") }}
),

final as (
    select
        side,
        system,
        goal,
        load_account as account_id,
        cohort_date,
        cast(age as integer) as age,
        cast(sum(known_conversions) as decimal(18, 6)) as known_conversions,
        cast(sum(known_amount) as decimal(38, 6)) as known_amount
    from triangle
    group by side, system, goal, load_account, cohort_date, age
)

select * from final
