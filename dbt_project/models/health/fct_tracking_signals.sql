with counted as (
    select
        signal,
        segment,
        signal_date,
        numerator,
        denominator,
        is_mature
    from {{ ref("int_signals__counted") }}
),

scores as (
    select
        signal,
        segment,
        signal_date,
        expected_low,
        expected_high,
        baseline_days,
        is_breach
    from {{ source("trueup", "signal_scores") }}
),

final as (
    select
        counted.signal,
        counted.segment,
        counted.signal_date,
        counted.numerator,
        counted.denominator,
        {{ safe_ratio("counted.numerator", "counted.denominator") }} as observed,
        cast(scores.expected_low as decimal(38, 6)) as expected_low,
        cast(scores.expected_high as decimal(38, 6)) as expected_high,
        scores.baseline_days,
        counted.is_mature,
        coalesce(scores.is_breach, false) as is_breach
    from counted
    left join scores
        on
            counted.signal = scores.signal
            and counted.segment = scores.segment
            and counted.signal_date = scores.signal_date
)

select * from final
