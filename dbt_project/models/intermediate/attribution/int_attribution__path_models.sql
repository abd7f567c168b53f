{{ config(materialized="table") }}

-- Shares of the models that look at all journeys at once: removal effects of a Markov chain, and
-- Shapley values. What each asks, and why neither is the truth, says trueup.build.path_models.
with markov as (
    select
        dimension,
        goal,
        {{ path_shares("markov", ["from_state", "to_state", "journeys"]) }}
    from {{ ref("int_attribution__transitions") }}
    group by dimension, goal
),

shapley as (
    select
        dimension,
        goal,
        {{ path_shares("shapley", ["path", "conversions", "unconverted"]) }}
    from {{ ref("int_attribution__path_counts") }}
    group by dimension, goal
),

final as (
    select
        dimension,
        goal,
        'markov' as model,
        state as segment,
        share
    from markov
    union all
    select
        dimension,
        goal,
        'shapley' as model,
        state as segment,
        share
    from shapley
)

select * from final
