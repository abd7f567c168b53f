-- How many journeys of the period went from one step to the next, from the start to what they came
-- to. A path is taken apart once, however many journeys took it.
with paths as (
    select
        dimension,
        goal,
        path,
        conversions,
        unconverted
    from {{ ref("int_attribution__path_counts") }}
),

steps as (
    select
        dimension,
        goal,
        path,
        conversions,
        unconverted,
        {{ unnested(split_list("path", "' > '"), "state", "position") }}
    from paths
),

followed as (
    select
        *,
        lead(state) over (partition by dimension, goal, path order by position) as next_state
    from steps
),

gone as (
    select
        dimension,
        goal,
        '(start)' as from_state,
        state as to_state,
        conversions + unconverted as journeys
    from followed
    where position = 1
    union all
    select
        dimension,
        goal,
        state as from_state,
        next_state as to_state,
        conversions + unconverted as journeys
    from followed
    where next_state != state
    union all
    select
        dimension,
        goal,
        state as from_state,
        '(converted)' as to_state,
        conversions as journeys
    from followed
    where next_state is null
    union all
    select
        dimension,
        goal,
        state as from_state,
        '(unconverted)' as to_state,
        unconverted as journeys
    from followed
    where next_state is null
),

final as (
    select
        dimension,
        goal,
        from_state,
        to_state,
        cast(sum(journeys) as bigint) as journeys
    from gone
    group by dimension, goal, from_state, to_state
    having sum(journeys) > 0
)

select * from final
