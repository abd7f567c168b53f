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
        sum(conversions) filter (where step = 'reconciled') as reconciled_conversions,
        sum(amount) filter (where step = 'reconciled') as reconciled_amount,
        sum(conversions) filter (where step = 'refunds') as refunds_conversions,
        sum(amount) filter (where step = 'refunds') as refunds_amount,
        sum(conversions) filter (where step = 'cancellations') as cancellations_conversions,
        sum(amount) filter (where step = 'cancellations') as cancellations_amount,
        sum(conversions) filter (where step = 'other_channels') as other_channels_conversions,
        sum(amount) filter (where step = 'other_channels') as other_channels_amount,
        sum(conversions) filter (where step = 'other_platforms') as other_platforms_conversions,
        sum(amount) filter (where step = 'other_platforms') as other_platforms_amount,
        sum(conversions) filter (where step = 'window') as window_conversions,
        sum(amount) filter (where step = 'window') as window_amount,
        sum(conversions) filter (where step = 'zone') as zone_conversions,
        sum(amount) filter (where step = 'zone') as zone_amount,
        sum(conversions) filter (where step = 'date_basis') as date_basis_conversions,
        sum(amount) filter (where step = 'date_basis') as date_basis_amount,
        sum(conversions) filter (where step = 'currency') as currency_conversions,
        sum(amount) filter (where step = 'currency') as currency_amount,
        sum(conversions) filter (where step = 'valuation') as valuation_conversions,
        sum(amount) filter (where step = 'valuation') as valuation_amount,
        sum(conversions) filter (where step = 'unseen') as unseen_conversions,
        sum(amount) filter (where step = 'unseen') as unseen_amount,
        sum(conversions) filter (where step = 'unreported') as unreported_conversions,
        sum(amount) filter (where step = 'unreported') as unreported_amount,
        sum(conversions) filter (where step = 'no_conversion') as no_conversion_conversions,
        sum(amount) filter (where step = 'no_conversion') as no_conversion_amount
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
        cast(coalesce(stepped.reconciled_conversions, 0) as decimal(18, 6))
            as reconciled_conversions,
        cast(coalesce(stepped.refunds_conversions, 0) as decimal(18, 6))
            as refunds_conversions,
        cast(coalesce(stepped.cancellations_conversions, 0) as decimal(18, 6))
            as cancellations_conversions,
        cast(coalesce(stepped.other_channels_conversions, 0) as decimal(18, 6))
            as other_channels_conversions,
        cast(coalesce(stepped.other_platforms_conversions, 0) as decimal(18, 6))
            as other_platforms_conversions,
        cast(coalesce(stepped.window_conversions, 0) as decimal(18, 6))
            as window_conversions,
        cast(coalesce(stepped.zone_conversions, 0) as decimal(18, 6))
            as zone_conversions,
        cast(coalesce(stepped.date_basis_conversions, 0) as decimal(18, 6))
            as date_basis_conversions,
        cast(coalesce(stepped.currency_conversions, 0) as decimal(18, 6))
            as currency_conversions,
        cast(coalesce(stepped.valuation_conversions, 0) as decimal(18, 6))
            as valuation_conversions,
        cast(coalesce(stepped.unseen_conversions, 0) as decimal(18, 6))
            as unseen_conversions,
        cast(coalesce(stepped.unreported_conversions, 0) as decimal(18, 6))
            as unreported_conversions,
        cast(coalesce(stepped.no_conversion_conversions, 0) as decimal(18, 6))
            as no_conversion_conversions,
        cast(coalesce(claims.claimed_conversions, 0) as decimal(18, 6))
            as claimed_conversions,
        cast(coalesce(claims.view_through_conversions, 0) as decimal(18, 6))
            as view_through_conversions,
        cast(coalesce(claims.overlapping_conversions, 0) as decimal(18, 6))
            as overlapping_conversions,
        cast(coalesce(claims.modelled_conversions, 0) as decimal(18, 6))
            as modelled_conversions,
        cast(coalesce(stepped.reconciled_amount, 0) as decimal(38, 6))
            as reconciled_amount,
        cast(coalesce(stepped.refunds_amount, 0) as decimal(38, 6))
            as refunds_amount,
        cast(coalesce(stepped.cancellations_amount, 0) as decimal(38, 6))
            as cancellations_amount,
        cast(coalesce(stepped.other_channels_amount, 0) as decimal(38, 6))
            as other_channels_amount,
        cast(coalesce(stepped.other_platforms_amount, 0) as decimal(38, 6))
            as other_platforms_amount,
        cast(coalesce(stepped.window_amount, 0) as decimal(38, 6))
            as window_amount,
        cast(coalesce(stepped.zone_amount, 0) as decimal(38, 6))
            as zone_amount,
        cast(coalesce(stepped.date_basis_amount, 0) as decimal(38, 6))
            as date_basis_amount,
        cast(coalesce(stepped.currency_amount, 0) as decimal(38, 6))
            as currency_amount,
        cast(coalesce(stepped.valuation_amount, 0) as decimal(38, 6))
            as valuation_amount,
        cast(coalesce(stepped.unseen_amount, 0) as decimal(38, 6))
            as unseen_amount,
        cast(coalesce(stepped.unreported_amount, 0) as decimal(38, 6))
            as unreported_amount,
        cast(coalesce(stepped.no_conversion_amount, 0) as decimal(38, 6))
            as no_conversion_amount,
        cast(coalesce(claims.claimed_amount, 0) as decimal(38, 6))
            as claimed_amount,
        cast(coalesce(claims.view_through_amount, 0) as decimal(38, 6))
            as view_through_amount,
        cast(coalesce(claims.overlapping_amount, 0) as decimal(38, 6))
            as overlapping_amount,
        cast(coalesce(claims.modelled_amount, 0) as decimal(38, 6))
            as modelled_amount
    from claims
    full outer join stepped
        on
            claims.report_date = stepped.report_date
            and claims.platform = stepped.platform
            and claims.account_id = stepped.account_id
            and claims.campaign_id = stepped.campaign_id
            and claims.goal = stepped.goal
),

final as (
    select
        *,
        claimed_conversions
        - reconciled_conversions
        - refunds_conversions
        - cancellations_conversions
        - other_channels_conversions
        - other_platforms_conversions
        - window_conversions
        - zone_conversions
        - date_basis_conversions
        - currency_conversions
        - valuation_conversions
        - unseen_conversions
        - unreported_conversions
        - no_conversion_conversions
        - view_through_conversions
        - overlapping_conversions
        - modelled_conversions
            as rest_conversions,
        claimed_amount
        - reconciled_amount
        - refunds_amount
        - cancellations_amount
        - other_channels_amount
        - other_platforms_amount
        - window_amount
        - zone_amount
        - date_basis_amount
        - currency_amount
        - valuation_amount
        - unseen_amount
        - unreported_amount
        - no_conversion_amount
        - view_through_amount
        - overlapping_amount
        - modelled_amount
            as rest_amount
    from cells
)

select * from final
