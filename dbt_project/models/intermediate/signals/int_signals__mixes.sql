-- How a whole of a day divides into categories: the twenty largest of all history, each on every
-- day, and the rest as one. A whole of one category is no mix.
with counts as (
    select
        case dimension when 'hour' then 'event_hour_mix' else dimension || '_mix' end as signal,
        dimension,
        segment,
        system,
        signal_date,
        visits as category_count,
        is_mature
    from {{ ref("int_signals__visits_counted") }}
    where dimension in ('channel', 'device', 'browser', 'country', 'hour')
    union all
    select
        signal,
        dimension,
        segment,
        system,
        signal_date,
        category_count,
        is_mature
    from {{ ref("int_signals__records_mixed") }}
),

ranked as (
    select
        signal,
        dimension,
        segment,
        row_number() over (
            partition by signal, dimension order by sum(category_count) desc, segment
        ) as place,
        count(*) over (partition by signal, dimension) as category_count
    from counts
    group by signal, dimension, segment
),

categories as (
    select
        signal,
        dimension,
        segment,
        case when place > 20 and dimension != 'hour' then '(other)' else segment end as category
    from ranked
    where category_count > 1
),

days as (
    select
        signal,
        dimension,
        system,
        signal_date,
        sum(category_count) as whole,
        bool_and(is_mature) as is_mature
    from counts
    group by signal, dimension, system, signal_date
),

counted as (
    select
        days.signal,
        days.dimension,
        categories.category as segment,
        days.system,
        days.signal_date,
        sum(coalesce(counts.category_count, 0)) as in_category,
        days.whole,
        days.is_mature
    from days
    inner join categories
        on days.signal = categories.signal and days.dimension = categories.dimension
    left join counts
        on
            days.signal = counts.signal
            and days.dimension = counts.dimension
            and days.system = counts.system
            and days.signal_date = counts.signal_date
            and categories.segment = counts.segment
    group by
        days.signal,
        days.dimension,
        categories.category,
        days.system,
        days.signal_date,
        days.whole,
        days.is_mature
),

final as (
    select
        signal,
        dimension,
        segment,
        system,
        signal_date,
        cast(in_category as bigint) as numerator,
        cast(whole as bigint) as denominator,
        cast(null as decimal(38, 6)) as denominator_amount,
        is_mature
    from counted
)

select * from final
