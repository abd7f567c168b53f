with counted as (
    select * from {{ ref("int_signals__counted") }}
),

scores as (
    select * from {{ source("trueup", "signal_scores") }}
),

final as (
    select
        counted.signal,
        counted.kind,
        counted.worse,
        counted.dimension,
        counted.segment,
        counted.system,
        counted.hop,
        counted.signal_date,
        counted.numerator,
        counted.denominator,
        counted.denominator_amount,
        {{ safe_ratio("counted.numerator", "counted.denominator") }} as observed,
        cast(scores.expected as decimal(38, 6)) as expected,
        cast(scores.expected_low as decimal(38, 6)) as expected_low,
        cast(scores.expected_high as decimal(38, 6)) as expected_high,
        scores.baseline_days,
        scores.p_value,
        counted.is_mature,
        scores.state,
        scores.direction,
        scores.since_date,
        scores.effect,
        scores.rebased_by,
        coalesce(scores.is_breach, false) as is_breach
    from counted
    left join scores
        on
            counted.signal = scores.signal
            and counted.dimension = scores.dimension
            and counted.segment = scores.segment
            and counted.signal_date = scores.signal_date
)

select * from final
