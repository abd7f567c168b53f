{{ config(materialized="table") }}

-- What was known of each day's claims and of what came in, at each age it was read at. `system` is
-- the platform that claims, or the source whose records earned it.
with steps as (
    select
        'claimed' as side,
        platform as system,
        goal,
        source,
        stream,
        load_account,
        cohort_date,
        age,
        conversions,
        amount
    from {{ ref("int_settlement__claim_steps") }}
    union all
    select
        'reconciled' as side,
        source as system,
        goal,
        null as source,
        null as stream,
        null as load_account,
        cohort_date,
        age,
        conversions,
        amount
    from {{ ref("int_settlement__ledger_steps") }}
),

series as (
    select distinct
        side,
        system,
        goal,
        source,
        stream,
        load_account
    from steps
),

cells as (
    select
        series.*,
        cells.cohort_date,
        cells.age,
        0 as conversions,
        0 as amount,
        1 as is_read
    from series
    inner join {{ ref("int_settlement__cells") }} as cells
        on
            series.source is not distinct from cells.source
            and series.stream is not distinct from cells.stream
            and series.load_account is not distinct from cells.load_account
    union all
    select
        *,
        0 as is_read
    from steps
),

added as (
    select
        side,
        system,
        goal,
        source,
        stream,
        load_account,
        cohort_date,
        age,
        sum(conversions) as conversions,
        sum(amount) as amount,
        max(is_read) as is_read
    from cells
    group by side, system, goal, source, stream, load_account, cohort_date, age
),

known as (
    select
        *,
        sum(conversions) over (
            partition by side, system, goal, source, stream, load_account, cohort_date
            order by age
            rows between unbounded preceding and current row
        ) as known_conversions,
        sum(amount) over (
            partition by side, system, goal, source, stream, load_account, cohort_date
            order by age
            rows between unbounded preceding and current row
        ) as known_amount
    from added
),

final as (
    select
        side,
        system,
        goal,
        source,
        stream,
        load_account,
        cohort_date,
        age,
        cast(known_conversions as decimal(18, 6)) as known_conversions,
        cast(known_amount as decimal(38, 6)) as known_amount
    from known
    where is_read = 1
)

select * from final
