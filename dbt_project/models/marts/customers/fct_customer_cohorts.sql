{{ config(materialized="table") }}
{#- An account that spends on some days of the week alone has spent by then. -#}
{%- set first_days = 7 %}

-- Customers by the month and channel of their first conversion, at every age the whole cohort has
-- reached: each has had just as long.
with build as (
    select through_date from {{ source("trueup", "build") }}
),

customers as (
    select
        customer_id,
        first_conversion_date,
        cast(date_trunc('month', first_conversion_date) as date) as cohort_month,
        first_channel as channel,
        may_be_older
    from {{ ref("dim_customer") }}
    where first_conversion_id is not null
),

spend as (
    select
        cast(date_trunc('month', report_date) as date) as cohort_month,
        channel,
        sum(spend_amount) as spend_amount
    from {{ ref("int_daily__channels") }}
    group by cast(date_trunc('month', report_date) as date), channel
),

known as (
    select
        channel,
        known_from_date
    from {{ ref("int_spend__known_from") }}
),

sizes as (
    select
        cohort_month,
        channel,
        count(*) as customers,
        bool_or(may_be_older) as may_hold_older
    from customers
    group by cohort_month, channel
),

-- A channel that was paid for and brought nobody is a cohort too. Spend of days before the history
-- was never landed: what a month that begins before it cost is not known, nor what one did that
-- begins before a platform of the channel was joined.
cohorts as (
    select
        coalesce(sizes.cohort_month, spend.cohort_month) as cohort_month,
        coalesce(sizes.channel, spend.channel) as channel,
        coalesce(sizes.customers, 0) as customers,
        coalesce(sizes.may_hold_older, false) as may_hold_older,
        case
            when coalesce(sizes.cohort_month, spend.cohort_month) < settings.history_start then null
            when
                {{ add_days("coalesce(sizes.cohort_month, spend.cohort_month)", first_days) }}
                <= known.known_from_date
                then null
            when spend.channel is null then 0
            else spend.spend_amount
        end as spend_amount
    from sizes
    full outer join spend
        on sizes.cohort_month = spend.cohort_month and sizes.channel = spend.channel
    left join known on coalesce(sizes.channel, spend.channel) = known.channel
    cross join {{ source("company", "settings") }} as settings
    where sizes.channel is not null or spend.spend_amount != 0
),

ages as (
    select distinct
        cast(
            floor({{ days_between("settings.history_start", "days.date_day") }} / 30.0)
            as integer
        ) as months_since
    from {{ ref("int_dates__spined") }} as days
    cross join {{ source("company", "settings") }} as settings
    cross join build
    where days.date_day between settings.history_start and build.through_date
),

-- The last of a month is as old as the age asks on the day before 30 days more would be over.
reached as (
    select
        cohorts.*,
        ages.months_since
    from cohorts
    cross join build
    inner join ages
        on
            {{ add_days(
                "cast(cohorts.cohort_month + interval '1 month' as date)",
                "30 * (ages.months_since + 1) - 2",
            ) }} <= build.through_date
),

earned as (
    select
        cast(date_trunc('month', acquired_date) as date) as cohort_month,
        channel,
        months_since,
        sum(conversions) as conversions,
        sum(revenue_amount) as revenue_amount,
        sum(margin_amount) as margin_amount
    from {{ ref("int_customers__ages") }}
    group by cast(date_trunc('month', acquired_date) as date), channel, months_since
),

joined as (
    select
        reached.*,
        coalesce(earned.conversions, 0) as conversions,
        coalesce(earned.revenue_amount, 0) as revenue_amount,
        earned.margin_amount
    from reached
    left join earned
        on
            reached.cohort_month = earned.cohort_month
            and reached.channel = earned.channel
            and reached.months_since = earned.months_since
),

-- A month without money adds nothing; a cohort none of whose goals has a margin has none.
summed as (
    select
        *,
        sum(conversions) over so_far as cumulative_conversions,
        sum(revenue_amount) over so_far as cumulative_revenue_amount,
        case when customers = 0 then 0 else sum(margin_amount) over so_far end
            as cumulative_margin_amount
    from joined
    window so_far as (
        partition by cohort_month, channel order by months_since
        rows between unbounded preceding and current row
    )
),

final as (
    select
        cohort_month,
        channel,
        months_since,
        cast(customers as bigint) as cohort_customers,
        cast(spend_amount as decimal(38, 6)) as cohort_spend_amount,
        may_hold_older,
        cast(conversions as bigint) as conversions,
        cast(revenue_amount as decimal(38, 6)) as revenue_amount,
        cast(margin_amount as decimal(38, 6)) as margin_amount,
        cast(cumulative_conversions as bigint) as cumulative_conversions,
        cast(cumulative_revenue_amount as decimal(38, 6)) as cumulative_revenue_amount,
        cast(cumulative_margin_amount as decimal(38, 6)) as cumulative_margin_amount,
        cast(cumulative_margin_amount - spend_amount as decimal(38, 6))
            as contribution_amount,
        {{ safe_ratio("cumulative_revenue_amount", "customers") }} as ltv_revenue_amount,
        {{ safe_ratio("cumulative_margin_amount", "customers") }} as ltv_margin_amount,
        {{ safe_ratio("spend_amount", "customers") }} as acquisition_cost_amount,
        case when spend_amount > 0 then cumulative_margin_amount >= spend_amount end
            as is_paid_back
    from summed
)

select * from final
