-- Days an account (of files: a feed) lacks though another of the same stream has them. Only streams
-- of days are asked: what lists a state is in force on one day alone.
with landed as (
    select distinct
        current_days.source,
        current_days.stream,
        current_days.account,
        current_days.day
    from {{ source("trueup", "current_days") }} as current_days
    inner join {{ source("trueup", "streams") }} as streams
        on current_days.source = streams.source and current_days.stream = streams.stream
    where current_days.account != '' and streams.kind = 'day'
),

days as (
    select distinct
        source,
        stream,
        day
    from landed
),

expected as (
    select
        freshness.source,
        freshness.stream,
        freshness.account
    from {{ source("trueup", "freshness") }} as freshness
    where freshness.account != ''
),

lacking as (
    select
        expected.source,
        expected.stream,
        expected.account,
        days.day,
        {{ add_days(
            "days.day",
            "-row_number() over (
                partition by expected.source, expected.stream, expected.account order by days.day
            )",
        ) }} as run
    from expected
    inner join days on expected.source = days.source and expected.stream = days.stream
    left join landed
        on
            expected.source = landed.source
            and expected.stream = landed.stream
            and expected.account = landed.account
            and days.day = landed.day
    where landed.day is null
),

final as (
    select
        source,
        stream,
        account as account_id,
        min(day) as first_date,
        max(day) as last_date,
        cast(count(*) as integer) as day_count
    from lacking
    group by source, stream, account, run
)

select * from final
