{{ config(materialized="table") }}

-- What is left of the claims of an account, goal and day after all that single conversions and the
-- claims themselves say, beside how many conversions are expected to be unseen, or sent twice; and
-- what a conversion and a claim of it are worth.
{%- set per_account = "partition by platform, account_id, goal order by report_date" %}
-- Long enough for a goal of two a week to have a mean, short enough for the season's prices. None
-- of it lies ahead, so that what is settled stays.
{%- set quarter_before -%}
    over ({{ per_account }}
    range between interval 90 days preceding and current row)
{%- endset %}

with cells as (
    select * from {{ ref("int_reconciliation__cells") }}
),

unseen as (
    select * from {{ ref("fct_unseen_daily") }}
),

repeated as (
    select * from {{ ref("int_reconciliation__repeated") }}
),

groups as (
    select * from {{ ref("int_reconciliation__goal_groups") }}
),

named as (
    select distinct
        platform,
        account_id
    from {{ ref("int_reconciliation__named") }}
),

wholes as (
    select
        report_date,
        platform,
        account_id,
        goal,
        count(*) as campaigns,
        sum(rest_conversions) as rest_conversions,
        sum(greatest(rest_conversions, 0)) as surplus_conversions,
        sum(least(rest_conversions, 0)) as deficit_conversions,
        sum(stepped_conversions) as stepped_conversions,
        sum(greatest(clicked_conversions, 0)) as clicked_conversions,
        sum(stepped_amount) as stepped_amount,
        sum(clicked_amount) as clicked_amount
    from cells
    group by report_date, platform, account_id, goal
),

bounded as (
    select
        wholes.*,
        coalesce(groups.goal_group, wholes.goal) as goal_group,
        named.platform is not null as is_named,
        coalesce(unseen.unseen_conversions, 0) as unseen_conversions,
        coalesce(unseen.most_unseen_conversions, 0) as most_unseen_conversions,
        coalesce(unseen.unseen_amount, 0) as unseen_amount,
        coalesce(unseen.beyond_window_conversions, 0) as beyond_window_conversions,
        round(wholes.clicked_conversions * coalesce(repeated.repeated_share, 0), 6)
            as repeated_conversions
    from wholes
    left join groups on wholes.platform = groups.platform and wholes.goal = groups.goal
    left join named
        on wholes.platform = named.platform and wholes.account_id = named.account_id
    left join unseen
        on
            wholes.report_date = unseen.report_date
            and wholes.platform = unseen.platform
            and wholes.account_id = unseen.account_id
            and wholes.goal = unseen.goal
    left join repeated
        on
            wholes.report_date = repeated.report_date
            and wholes.platform = repeated.platform
            and wholes.account_id = repeated.account_id
            and wholes.goal = repeated.goal
),

-- What conversions of ours are worth, or where there are none, those likely unseen; and what the
-- platform says a claim is.
means as (
    select
        *,
        coalesce(
            cast(sum(stepped_amount) {{ quarter_before }} as double)
            / nullif(cast(greatest(sum(stepped_conversions) {{ quarter_before }}, 0) as double), 0),
            cast(sum(unseen_amount) {{ quarter_before }} as double)
            / nullif(cast(sum(unseen_conversions) {{ quarter_before }} as double), 0)
        ) as mean_worth,
        cast(sum(clicked_amount) {{ quarter_before }} as double)
        / nullif(cast(sum(clicked_conversions) {{ quarter_before }} as double), 0) as mean_claim
    from bounded
),

-- A platform that names its orders leaves nothing to expect.
final as (
    select
        report_date,
        platform,
        account_id,
        goal,
        goal_group,
        is_named,
        campaigns,
        rest_conversions,
        surplus_conversions,
        deficit_conversions,
        stepped_conversions,
        clicked_conversions,
        case when is_named then 0 else unseen_conversions end as expected_conversions,
        case when is_named then 0 else most_unseen_conversions end as most_expected_conversions,
        case when is_named then 0 else beyond_window_conversions end as beyond_window_conversions,
        case when is_named then 0 else repeated_conversions end as repeated_conversions,
        coalesce(mean_worth, mean_claim, 0) as conversion_worth,
        coalesce(mean_claim, mean_worth, 0) as claim_worth
    from means
)

select * from final
