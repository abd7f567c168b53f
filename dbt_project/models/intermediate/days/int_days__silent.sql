-- Runs of days on which a shop sold nothing, an ad account spent nothing, or a file has no row of
-- something else, with what is usual in two weeks on either side, of rows and of their money (null
-- where it is of several currencies). A run is open where nothing came after it though the source
-- has landed later days. Platforms that say what an account was charged say so of each day
-- themselves, and vendors are asked for each day; what a file lacks nobody else says.
{% set like_weekday -%}
    mod({{ days_between("runs.first_date", "days.date_day") }} + 28, 7) < runs.day_count
{%- endset %}
with filed as (
    select
        stream,
        account_id as feed,
        booked_at as row_at,
        booked_amount_local as amount_local,
        currency_code
    from {{ ref("shape_bookings") }}
    where source = 'files'
    union all
    select
        stream,
        account_id as feed,
        entry_at as row_at,
        -amount_local as amount_local,
        currency_code
    from {{ ref("shape_order_money") }}
    where source = 'files' and stream = 'refunds'
    union all
    select
        stream,
        account_id as feed,
        created_at as row_at,
        null as amount_local,
        null as currency_code
    from {{ ref("shape_leads") }}
    where source = 'files'
    union all
    select
        stream,
        account_id as feed,
        touch_at as row_at,
        null as amount_local,
        null as currency_code
    from {{ ref("shape_touches") }}
    where source = 'files'
),

counted as (
    select
        orders.source,
        orders.stream,
        trim(orders.source || ' ' || coalesce(orders.account_id, '')) as segment,
        coalesce(orders.account_id, '') as load_account,
        {{ local_date("orders.ordered_at", "settings.reporting_zone") }} as row_date,
        count(*) as row_count,
        sum(orders.expected_amount_local) as amount_local,
        min(orders.currency_code) as currency_code,
        count(distinct orders.currency_code) as currency_count
    from {{ ref("shape_orders") }} as orders
    cross join {{ source("company", "settings") }} as settings
    group by all
    union all
    select
        source,
        'ad_performance' as stream,
        trim(source || ' ' || platform || ' ' || coalesce(account_id, '')) as segment,
        '' as load_account,
        ad_date as row_date,
        count(*) as row_count,
        sum(spend_amount_local) as amount_local,
        min(currency_code) as currency_code,
        count(distinct currency_code) as currency_count
    from {{ ref("shape_ad_performance") }}
    where platform not in (select platform from {{ ref("shape_account_spend") }})
    group by all
    union all
    select
        source,
        stream,
        trim(source || ' ' || platform || ' ' || coalesce(account_id, '')) as segment,
        '' as load_account,
        claim_date as row_date,
        count(*) as row_count,
        sum(claimed_amount_local) as amount_local,
        min(currency_code) as currency_code,
        count(distinct currency_code) as currency_count
    from {{ ref("shape_claims") }}
    where source = 'files' and is_current
    group by all
    union all
    select
        'files' as source,
        filed.stream,
        'files ' || filed.feed as segment,
        filed.feed as load_account,
        {{ local_date("filed.row_at", "settings.reporting_zone") }} as row_date,
        count(*) as row_count,
        sum(filed.amount_local) as amount_local,
        min(filed.currency_code) as currency_code,
        count(distinct filed.currency_code) as currency_count
    from filed
    cross join {{ source("company", "settings") }} as settings
    group by all
),

freshness as (
    select
        freshness.source,
        freshness.stream,
        freshness.account,
        least(freshness.landed_through, covered.through_date) as landed_through
    from {{ source("trueup", "freshness") }} as freshness
    cross join {{ ref("int_builds__covered") }} as covered
),

-- Where rows do not say which of a stream's loads they are of, the laggard decides.
laggards as (
    select
        source,
        stream,
        min(landed_through) as landed_through
    from freshness
    group by source, stream
),

lasts as (
    select
        source,
        stream,
        segment,
        load_account,
        min(row_date) as first_date,
        max(row_date) as last_date
    from counted
    group by source, stream, segment, load_account
),

spans as (
    select
        lasts.source,
        lasts.stream,
        lasts.segment,
        lasts.first_date,
        greatest(
            lasts.last_date,
            coalesce(freshness.landed_through, laggards.landed_through, lasts.last_date)
        ) as last_date
    from lasts
    left join freshness
        on
            lasts.source = freshness.source
            and lasts.stream = freshness.stream
            and lasts.load_account = freshness.account
    left join laggards on lasts.source = laggards.source and lasts.stream = laggards.stream
),

days as (
    select
        spans.source,
        spans.stream,
        spans.segment,
        spans.last_date,
        dates.date_day,
        coalesce(counted.row_count, 0) as row_count,
        coalesce(counted.amount_local, 0) as amount_local,
        counted.currency_code,
        counted.currency_count
    from spans
    inner join {{ ref("int_dates__spined") }} as dates
        on spans.first_date <= dates.date_day and spans.last_date >= dates.date_day
    left join counted
        on
            spans.source = counted.source
            and spans.stream = counted.stream
            and spans.segment = counted.segment
            and dates.date_day = counted.row_date
),

-- Consecutive empty days are one run: its days have the same number of filled days before them.
numbered as (
    select
        *,
        sum(case when row_count > 0 then 1 else 0 end) over (
            partition by source, stream, segment order by date_day
        ) as filled_days
    from days
),

runs as (
    select
        source,
        stream,
        segment,
        min(date_day) as first_date,
        max(date_day) as last_date,
        max(date_day) = max(last_date) as is_open,
        count(*) as day_count
    from numbered
    where row_count = 0
    group by source, stream, segment, filled_days
),

final as (
    select
        runs.source,
        runs.stream,
        runs.segment,
        runs.first_date,
        runs.last_date,
        runs.is_open,
        runs.day_count,
        count(*) as days_around,
        sum(case when days.row_count = 0 then 1 else 0 end) as empty_days_around,
        count(case when days.date_day < runs.first_date then 1 end) as days_before,
        count(case when days.date_day < runs.first_date and days.row_count = 0 then 1 end)
            as empty_days_before,
        count(case when {{ like_weekday }} then 1 end) as like_weekdays,
        count(case when {{ like_weekday }} and days.row_count = 0 then 1 end)
            as empty_like_weekdays,
        median(days.row_count) as usual_rows,
        case
            when max(days.currency_count) = 1 and min(days.currency_code) = max(days.currency_code)
                then median(days.amount_local)
        end as usual_amount_local,
        case
            when max(days.currency_count) = 1 and min(days.currency_code) = max(days.currency_code)
                then min(days.currency_code)
        end as currency_code
    from runs
    inner join days
        on
            runs.source = days.source
            and runs.stream = days.stream
            and runs.segment = days.segment
            and days.date_day between {{ add_days("runs.first_date", -14) }}
            and {{ add_days("runs.last_date", 14) }}
            and days.date_day not between runs.first_date and runs.last_date
    group by
        runs.source,
        runs.stream,
        runs.segment,
        runs.first_date,
        runs.last_date,
        runs.is_open,
        runs.day_count
)

select * from final
