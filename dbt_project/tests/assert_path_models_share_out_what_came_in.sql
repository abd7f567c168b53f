{{ config(meta={"runbook": "docs/runbook.md#balance"}) }}

-- What a model credits the channels (or campaigns) of a goal with is not the conversions that stand
-- and have a touch, or not their money.
with totals as (
    select
        compared.goal,
        count(*) as conversions,
        sum(conversions.net_amount) as net_amount
    from {{ ref("int_attribution__compared") }} as compared
    inner join {{ ref("fct_conversions") }} as conversions
        on compared.conversion_id = conversions.conversion_id
    where compared.position = 1 and conversions.record_type != 'visit'
    group by compared.goal
),

credited as (
    select
        'channel' as dimension,
        goal,
        model,
        sum(conversions) as conversions,
        sum(revenue_amount) as revenue_amount
    from {{ ref("fct_channel_attribution") }}
    group by goal, model
    union all
    select
        'campaign' as dimension,
        goal,
        model,
        sum(conversions) as conversions,
        sum(revenue_amount) as revenue_amount
    from {{ ref("fct_campaign_attribution") }}
    group by goal, model
)

select
    credited.dimension,
    credited.goal,
    credited.model,
    credited.conversions,
    credited.revenue_amount,
    totals.conversions as goal_conversions,
    totals.net_amount
from credited
left join totals on credited.goal = totals.goal
where
    credited.conversions is distinct from totals.conversions
    or credited.revenue_amount is distinct from totals.net_amount
