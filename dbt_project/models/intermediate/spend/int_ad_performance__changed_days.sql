-- A new exchange rate reaches the five days it is carried to, on every platform.
with changed_days as (
    select distinct
        source,
        day
    from {{ source("trueup", "changed_days") }}
),

sources as (
    select distinct source from {{ source("company", "accounts") }}
    union
    select 'files' as source
),

final as (
    select
        source,
        day as ad_date
    from changed_days
    union
    select
        sources.source,
        dates.date_day as ad_date
    from changed_days
    cross join sources
    inner join {{ ref("int_dates__spined") }} as dates
        on
            changed_days.day <= dates.date_day
            and {{ add_days("changed_days.day", 5) }} >= dates.date_day
    where changed_days.source = 'fx_rates'
)

select * from final
