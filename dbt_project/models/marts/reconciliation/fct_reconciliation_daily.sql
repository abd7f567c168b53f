-- Of every claim: from what is reconciled to what is claimed, one column per cause. They add up
-- because what is left at the end is a column too.
with cells as (
    select * from {{ ref("int_reconciliation__cells") }}
),

rests as (
    select * from {{ ref("int_reconciliation__rests") }}
),

known_days as (
    select
        platform,
        claim_date
    from {{ ref("int_claims__known_days") }}
),

weak_goals as (
    select goal from {{ source("company", "goals") }}
    where tier = 'weak'
),

build as (
    select {{ add_days("build.through_date", "-settings.settled_after_days") }} as settled_through
    from {{ source("trueup", "build") }} as build
    cross join {{ source("company", "settings") }} as settings
),

-- Where nobody landed what a platform claims, nothing is known of a gap.
joined as (
    select
        cells.*,
        cells.report_date <= build.settled_through as is_settled,
        known_days.platform is not null as is_known,
        weak_goals.goal is null as has_revenue,
        rests.other_campaigns_conversions,
        rests.duplicate_conversions,
        rests.unseen_conversions + cells.unseen_conversions as all_unseen_conversions,
        case when cells.report_date <= build.settled_through then 0 else 1 end
        * (rests.unreported_conversions + cells.unreported_conversions)
            as late_conversions,
        case when cells.report_date <= build.settled_through then 1 else 0 end
        * (rests.unreported_conversions + cells.unreported_conversions)
            as left_out_conversions,
        rests.unexplained_conversions,
        rests.other_campaigns_amount,
        rests.duplicate_amount,
        rests.unseen_amount + cells.unseen_amount as all_unseen_amount,
        case when cells.report_date <= build.settled_through then 0 else 1 end
        * (rests.unreported_amount + cells.unreported_amount)
            as late_amount,
        case when cells.report_date <= build.settled_through then 1 else 0 end
        * (rests.unreported_amount + cells.unreported_amount)
            as left_out_amount,
        rests.unexplained_amount
    from cells
    cross join build
    inner join rests
        on
            cells.report_date = rests.report_date
            and cells.platform = rests.platform
            and cells.account_id = rests.account_id
            and cells.campaign_id = rests.campaign_id
            and cells.goal = rests.goal
    left join known_days
        on cells.platform = known_days.platform and cells.report_date = known_days.claim_date
    left join weak_goals on cells.goal = weak_goals.goal
),

final as (
    select
        report_date,
        platform,
        account_id,
        campaign_id,
        goal,
        is_settled,
        cast(case when is_known then claimed_conversions end as decimal(18, 6))
            as claimed_conversions,
        cast(reconciled_conversions as decimal(18, 6)) as reconciled_conversions,
        cast(case when is_known then cancellations_conversions end as decimal(18, 6))
            as cancellations_conversions,
        cast(case when is_known then other_channels_conversions end as decimal(18, 6))
            as other_channels_conversions,
        cast(case when is_known then other_platforms_conversions end as decimal(18, 6))
            as other_platforms_conversions,
        cast(case when is_known then window_conversions end as decimal(18, 6))
            as window_conversions,
        cast(case when is_known then zone_conversions end as decimal(18, 6))
            as zone_conversions,
        cast(case when is_known then date_basis_conversions end as decimal(18, 6))
            as date_basis_conversions,
        cast(case when is_known then view_through_conversions end as decimal(18, 6))
            as view_through_conversions,
        cast(case when is_known then overlapping_conversions end as decimal(18, 6))
            as overlapping_conversions,
        cast(case when is_known then modelled_conversions end as decimal(18, 6))
            as modelled_conversions,
        cast(case when is_known then duplicate_conversions end as decimal(18, 6))
            as duplicate_firing_conversions,
        cast(case when is_known then late_conversions end as decimal(18, 6))
            as not_yet_settled_conversions,
        cast(case when is_known then other_campaigns_conversions end as decimal(18, 6))
            as other_campaigns_conversions,
        cast(case when is_known then all_unseen_conversions end as decimal(18, 6))
            as unseen_conversions,
        cast(case when is_known then left_out_conversions end as decimal(18, 6))
            as unreported_conversions,
        cast(case when is_known then no_conversion_conversions end as decimal(18, 6))
            as no_conversion_conversions,
        cast(case when is_known then unexplained_conversions end as decimal(18, 6))
            as unexplained_conversions,
        cast(case when is_known and has_revenue then claimed_amount end as decimal(38, 6))
            as claimed_amount,
        cast(case when has_revenue then reconciled_amount end as decimal(38, 6))
            as reconciled_amount,
        cast(case when is_known and has_revenue then refunds_amount end as decimal(38, 6))
            as refunds_amount,
        cast(case when is_known and has_revenue then cancellations_amount end as decimal(38, 6))
            as cancellations_amount,
        cast(case when is_known and has_revenue then other_channels_amount end as decimal(38, 6))
            as other_channels_amount,
        cast(case when is_known and has_revenue then other_platforms_amount end as decimal(38, 6))
            as other_platforms_amount,
        cast(case when is_known and has_revenue then window_amount end as decimal(38, 6))
            as window_amount,
        cast(case when is_known and has_revenue then zone_amount end as decimal(38, 6))
            as zone_amount,
        cast(case when is_known and has_revenue then date_basis_amount end as decimal(38, 6))
            as date_basis_amount,
        cast(case when is_known and has_revenue then currency_amount end as decimal(38, 6))
            as currency_amount,
        cast(case when is_known and has_revenue then valuation_amount end as decimal(38, 6))
            as valuation_amount,
        cast(case when is_known and has_revenue then view_through_amount end as decimal(38, 6))
            as view_through_amount,
        cast(case when is_known and has_revenue then overlapping_amount end as decimal(38, 6))
            as overlapping_amount,
        cast(case when is_known and has_revenue then modelled_amount end as decimal(38, 6))
            as modelled_amount,
        cast(case when is_known and has_revenue then duplicate_amount end as decimal(38, 6))
            as duplicate_firing_amount,
        cast(case when is_known and has_revenue then late_amount end as decimal(38, 6))
            as not_yet_settled_amount,
        cast(case when is_known and has_revenue then other_campaigns_amount end as decimal(38, 6))
            as other_campaigns_amount,
        cast(case when is_known and has_revenue then all_unseen_amount end as decimal(38, 6))
            as unseen_amount,
        cast(case when is_known and has_revenue then left_out_amount end as decimal(38, 6))
            as unreported_amount,
        cast(case when is_known and has_revenue then no_conversion_amount end as decimal(38, 6))
            as no_conversion_amount,
        cast(case when is_known and has_revenue then unexplained_amount end as decimal(38, 6))
            as unexplained_amount
    from joined
)

select * from final
