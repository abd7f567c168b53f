-- What the customers of a cohort bring by an age they have not all had yet, as customers of their
-- channel did before them; and what they brought, where they have had it.
with cohorts as (
    select
        cohort_month,
        channel,
        months_since,
        cohort_customers,
        may_hold_older,
        acquisition_cost_amount,
        cumulative_revenue_amount,
        cumulative_margin_amount
    from {{ ref("fct_customer_cohorts") }}
    where cohort_customers > 0
),

horizons as (
    {{ ltv_horizons() }}
),

measures as (
    select 'revenue' as measure
    union all
    select 'margin' as measure
),

-- The newest age that the whole cohort has had.
newest as (
    select
        cohorts.*,
        horizons.horizon_months,
        cohorts.months_since = horizons.horizon_months - 1 as is_observed
    from cohorts
    inner join horizons on cohorts.months_since < horizons.horizon_months
    qualify
        row_number() over (
            partition by cohorts.cohort_month, cohorts.channel, horizons.horizon_months
            order by cohorts.months_since desc
        ) = 1
),

-- Of customers of whom nothing stands nothing is projected: any multiple of nothing is nothing.
measured as (
    select
        newest.cohort_month,
        newest.channel,
        newest.horizon_months,
        newest.months_since,
        newest.is_observed,
        measures.measure,
        cast(
            case measures.measure
                when 'revenue' then newest.cumulative_revenue_amount
                else newest.cumulative_margin_amount
            end as double
        ) as known
    from newest
    cross join measures
),

growth as (
    select * from {{ ref("int_customers__growth") }}
),

bounded as (
    select
        measured.cohort_month,
        measured.channel,
        measured.horizon_months,
        measured.measure,
        growth.cohort_weeks,
        case
            when measured.is_observed then measured.known
            when measured.known > 0 then measured.known / nullif(growth.share_known, 0)
        end as expected,
        case
            when measured.is_observed then measured.known
            when measured.known > 0
                then
                    {{ ladder_bound(
                        "measured.known", "growth.share_known", "growth.unit_variance",
                        "growth.share_error", "low"
                    ) }}
        end as low,
        case
            when measured.is_observed then measured.known
            when measured.known > 0
                then
                    {{ ladder_bound(
                        "measured.known", "growth.share_known", "growth.unit_variance",
                        "growth.share_error", "high"
                    ) }}
        end as high
    from measured
    left join growth
        on
            measured.channel = growth.channel
            and measured.measure = growth.measure
            and measured.horizon_months = growth.horizon_months
            and measured.months_since = growth.months_since
),

pivoted as (
    select
        cohort_month,
        channel,
        horizon_months,
        max(case when measure = 'revenue' then cohort_weeks end) as cohort_weeks,
        max(case when measure = 'revenue' then expected end) as expected_revenue,
        max(case when measure = 'revenue' then low end) as revenue_low,
        max(case when measure = 'revenue' then high end) as revenue_high,
        max(case when measure = 'margin' then expected end) as expected_margin,
        max(case when measure = 'margin' then low end) as margin_low,
        max(case when measure = 'margin' then high end) as margin_high
    from bounded
    group by cohort_month, channel, horizon_months
),

final as (
    select
        newest.cohort_month,
        newest.channel,
        newest.horizon_months,
        newest.months_since + 1 as known_months,
        newest.is_observed,
        newest.cohort_customers,
        newest.may_hold_older,
        case when not newest.is_observed then pivoted.cohort_weeks end as cohort_weeks,
        newest.acquisition_cost_amount,
        cast(pivoted.expected_revenue as decimal(38, 6)) as expected_revenue_amount,
        cast(pivoted.expected_margin as decimal(38, 6)) as expected_margin_amount,
        {{ safe_ratio("newest.cumulative_revenue_amount", "newest.cohort_customers") }}
            as known_ltv_revenue_amount,
        {{ safe_ratio("pivoted.expected_revenue", "newest.cohort_customers") }}
            as expected_ltv_revenue_amount,
        {{ safe_ratio("pivoted.revenue_low", "newest.cohort_customers") }}
            as expected_ltv_revenue_amount_low,
        {{ safe_ratio("pivoted.revenue_high", "newest.cohort_customers") }}
            as expected_ltv_revenue_amount_high,
        {{ safe_ratio("newest.cumulative_margin_amount", "newest.cohort_customers") }}
            as known_ltv_margin_amount,
        {{ safe_ratio("pivoted.expected_margin", "newest.cohort_customers") }}
            as expected_ltv_margin_amount,
        {{ safe_ratio("pivoted.margin_low", "newest.cohort_customers") }}
            as expected_ltv_margin_amount_low,
        {{ safe_ratio("pivoted.margin_high", "newest.cohort_customers") }}
            as expected_ltv_margin_amount_high
    from newest
    inner join pivoted
        on
            newest.cohort_month = pivoted.cohort_month
            and newest.channel = pivoted.channel
            and newest.horizon_months = pivoted.horizon_months
)

select * from final
