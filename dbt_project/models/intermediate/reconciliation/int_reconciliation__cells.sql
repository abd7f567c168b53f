{{ config(materialized="table") }}

-- Each day's claims beside the steps that lead to them, and what is left between the two: the rest.
with steps as (
    select * from {{ ref("int_reconciliation__steps") }}
    union all
    select * from {{ ref("int_reconciliation__named") }}
),

stepped as (
    select
        report_date,
        platform,
        account_id,
        campaign_id,
        goal,
        {{ each_measure("sum(<m>) filter (where step = 'reconciled') as reconciled_<m>") }},
        {{ each_measure("sum(<m>) filter (where step = 'refunds') as refunds_<m>") }},
        {{ each_measure("sum(<m>) filter (where step = 'cancellations') as cancellations_<m>") }},
        {{ each_measure("sum(<m>) filter (where step = 'other_channels') as other_channels_<m>") }},
        {{ each_measure(
            "sum(<m>) filter (where step = 'other_platforms')"
            " as other_platforms_<m>"
        ) }},
        {{ each_measure("sum(<m>) filter (where step = 'zone') as zone_<m>") }},
        {{ each_measure("sum(<m>) filter (where step = 'date_basis') as date_basis_<m>") }},
        {{ each_measure("sum(<m>) filter (where step = 'currency') as currency_<m>") }},
        {{ each_measure("sum(<m>) filter (where step = 'window') as window_<m>") }},
        {{ each_measure("sum(<m>) filter (where step = 'valuation') as valuation_<m>") }},
        {{ each_measure("sum(<m>) filter (where step = 'unseen') as unseen_<m>") }},
        {{ each_measure("sum(<m>) filter (where step = 'unreported') as unreported_<m>") }},
        {{ each_measure("sum(<m>) filter (where step = 'no_conversion') as no_conversion_<m>") }},
        {{ each_measure("sum(<m>) as stepped_<m>") }}
    from steps
    group by report_date, platform, account_id, campaign_id, goal
),

claims as (
    select * from {{ ref("int_reconciliation__claims") }}
),

cells as (
    select
        coalesce(claims.report_date, stepped.report_date) as report_date,
        coalesce(claims.platform, stepped.platform) as platform,
        coalesce(claims.account_id, stepped.account_id) as account_id,
        coalesce(claims.campaign_id, stepped.campaign_id) as campaign_id,
        coalesce(claims.goal, stepped.goal) as goal,
        {{ each_measure("coalesce(stepped.reconciled_<m>, 0) as reconciled_<m>") }},
        {{ each_measure("coalesce(stepped.refunds_<m>, 0) as refunds_<m>") }},
        {{ each_measure("coalesce(stepped.cancellations_<m>, 0) as cancellations_<m>") }},
        {{ each_measure("coalesce(stepped.other_channels_<m>, 0) as other_channels_<m>") }},
        {{ each_measure("coalesce(stepped.other_platforms_<m>, 0) as other_platforms_<m>") }},
        {{ each_measure("coalesce(stepped.zone_<m>, 0) as zone_<m>") }},
        {{ each_measure(
            "coalesce(stepped.date_basis_<m>, 0) + coalesce(claims.dated_<m>, 0)"
            " as date_basis_<m>"
        ) }},
        {{ each_measure("coalesce(claims.dated_<m>, 0) as dated_<m>") }},
        {{ each_measure(
            "coalesce(stepped.currency_<m>, 0) + coalesce(claims.exchanged_<m>, 0) as currency_<m>"
        ) }},
        {{ each_measure("coalesce(claims.exchanged_<m>, 0) as exchanged_<m>") }},
        {{ each_measure("coalesce(stepped.window_<m>, 0) as window_<m>") }},
        {{ each_measure("coalesce(stepped.valuation_<m>, 0) as valuation_<m>") }},
        {{ each_measure("coalesce(stepped.unseen_<m>, 0) as unseen_<m>") }},
        {{ each_measure("coalesce(stepped.unreported_<m>, 0) as unreported_<m>") }},
        {{ each_measure("coalesce(stepped.no_conversion_<m>, 0) as no_conversion_<m>") }},
        {{ each_measure("coalesce(stepped.stepped_<m>, 0) as stepped_<m>") }},
        {{ each_measure("coalesce(claims.view_through_<m>, 0) as view_through_<m>") }},
        {{ each_measure("coalesce(claims.overlapping_<m>, 0) as overlapping_<m>") }},
        {{ each_measure("coalesce(claims.modelled_<m>, 0) as modelled_<m>") }},
        {{ each_measure("coalesce(claims.claimed_<m>, 0) as claimed_<m>") }},
        coalesce(claims.is_valued, true) as is_valued
    from claims
    full outer join stepped
        on
            claims.report_date = stepped.report_date
            and claims.platform = stepped.platform
            and claims.account_id = stepped.account_id
            and claims.campaign_id = stepped.campaign_id
            and claims.goal = stepped.goal
),

clicked as (
    select
        *,
        {{ each_measure(
            "claimed_<m> - view_through_<m> - overlapping_<m> - modelled_<m> - dated_<m>"
            " - exchanged_<m> as clicked_<m>"
        ) }}
    from cells
),

final as (
    select
        *,
        {{ each_measure("clicked_<m> - stepped_<m> as rest_<m>") }}
    from clicked
)

select * from final
