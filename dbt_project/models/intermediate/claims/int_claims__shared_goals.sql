{{ config(materialized="table") }}

-- Actions that the company file maps to several goals: one form, or one upload, for enquiries of
-- more than one kind.
with actions as (
    select
        action_key,
        source,
        selector,
        mapped_through
    from {{ ref("int_claims__actions") }}
),

mappings as (
    select
        source,
        selector,
        goal,
        is_headline,
        count(*) over (partition by source, selector) as goal_count
    from {{ source("company", "goal_mappings") }}
),

goals as (
    select
        goal,
        tier
    from {{ source("company", "goals") }}
),

final as (
    select
        actions.action_key,
        mappings.goal,
        goals.tier,
        mappings.is_headline,
        actions.mapped_through
    from actions
    inner join mappings
        on actions.source = mappings.source and actions.selector = mappings.selector
    left join goals on mappings.goal = goals.goal
    where mappings.goal_count > 1
)

select * from final
