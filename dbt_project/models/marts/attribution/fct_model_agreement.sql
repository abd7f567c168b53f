{{ config(materialized="table") }}

-- Whether two models put channels, or campaigns, in the same order. Spearman's is the correlation
-- of ranks, those of a tie being their mean; Kendall's (tau-b) counts pairs of segments in the same
-- order less those in the other, of the pairs that neither model ties.
with segments as (
    select
        dimension,
        goal,
        model,
        segment,
        conversions
    from {{ ref("int_attribution__segments") }}
),

ranked as (
    select
        dimension,
        goal,
        model,
        segment,
        rank() over (partition by dimension, goal, model order by conversions)
        + (count(*) over (partition by dimension, goal, model, conversions) - 1) / 2.0 as place
    from segments
),

compared as (
    select
        first.dimension,
        first.goal,
        first.model,
        other.model as other_model,
        count(*) as segments,
        -- Where all places are the same there is no order to compare with another
        case
            when min(first.place) < max(first.place) and min(other.place) < max(other.place)
                then corr(cast(first.place as double), cast(other.place as double))
        end as rank_correlation
    from ranked as first
    inner join ranked as other
        on
            first.dimension = other.dimension
            and first.goal = other.goal
            and first.segment = other.segment
            and first.model < other.model
    group by first.dimension, first.goal, first.model, other.model
),

pairs as (
    select
        first.dimension,
        first.goal,
        first.model,
        first.segment,
        other.segment as other_segment,
        sign(first.place - other.place) as precedence
    from ranked as first
    inner join ranked as other
        on
            first.dimension = other.dimension
            and first.goal = other.goal
            and first.model = other.model
            and first.segment < other.segment
),

ordered as (
    select
        first.dimension,
        first.goal,
        first.model,
        other.model as other_model,
        sum(first.precedence * other.precedence) as agreeing,
        sum(abs(first.precedence)) as untied,
        sum(abs(other.precedence)) as untied_by_other
    from pairs as first
    inner join pairs as other
        on
            first.dimension = other.dimension
            and first.goal = other.goal
            and first.segment = other.segment
            and first.other_segment = other.other_segment
            and first.model < other.model
    group by first.dimension, first.goal, first.model, other.model
),

final as (
    select
        compared.dimension,
        compared.goal,
        compared.model,
        compared.other_model,
        compared.segments,
        cast(compared.rank_correlation as decimal(9, 6)) as spearman_correlation,
        cast(
            ordered.agreeing / nullif(sqrt(ordered.untied * ordered.untied_by_other), 0)
            as decimal(9, 6)
        ) as kendall_correlation
    from compared
    left join ordered
        on
            compared.dimension = ordered.dimension
            and compared.goal = ordered.goal
            and compared.model = ordered.model
            and compared.other_model = ordered.other_model
)

select * from final
