-- How long an ad had been shown by each day: the number of the day among those it was shown on, and
-- how often it had been shown before. Days on which nobody saw it make nobody tired of it.
with shown as (
    select
        creative_key,
        report_date,
        sum(impressions) as impressions
    from {{ ref("int_creatives__days") }}
    where impressions > 0
    group by creative_key, report_date
),

counted as (
    select
        creative_key,
        report_date,
        row_number() over (partition by creative_key order by report_date) as exposure_day,
        sum(impressions) over (
            partition by creative_key order by report_date
            rows between unbounded preceding and current row
        ) - impressions as impressions_before
    from shown
),

final as (
    select
        creative_key,
        report_date,
        cast(exposure_day as integer) as exposure_day,
        case
            when impressions_before < 1000 then '0 to 999'
            when impressions_before < 10000 then '1000 to 9999'
            when impressions_before < 100000 then '10000 to 99999'
            else '100000 and more'
        end as exposure_band
    from counted
)

select * from final
