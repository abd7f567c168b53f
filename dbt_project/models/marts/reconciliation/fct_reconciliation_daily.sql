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

-- Where nobody landed what a platform claims, nothing is known of a gap: it may be yet, so that the
-- day is not settled, and what is reconciled on it does not stand in a sum of settled days alone.
-- Claims without a value, or in a currency without a rate, have a gap in number and none in money.
joined as (
    select
        cells.report_date,
        cells.platform,
        cells.account_id,
        cells.campaign_id,
        cells.goal,
        cells.report_date <= build.settled_through and known_days.platform is not null
            as is_settled,
        weak_goals.goal is null as has_amount,
        true as has_conversions,
        known_days.platform is not null as is_known_conversions,
        known_days.platform is not null and weak_goals.goal is null and cells.is_valued
            as is_known_amount,
        {{ each_measure("cells.claimed_<m>") }},
        {{ each_measure("cells.reconciled_<m>") }},
        {{ each_measure("cells.refunds_<m>") }},
        {{ each_measure("cells.cancellations_<m>") }},
        {{ each_measure("cells.other_channels_<m>") }},
        {{ each_measure("cells.other_platforms_<m>") }},
        {{ each_measure("cells.zone_<m>") }},
        {{ each_measure("cells.date_basis_<m>") }},
        {{ each_measure("cells.currency_<m>") }},
        {{ each_measure("cells.window_<m> + rests.window_<m> as window_<m>") }},
        cells.valuation_conversions,
        cells.valuation_amount + rests.valuation_amount as valuation_amount,
        {{ each_measure(
            "cells.view_through_<m> - rests.doubled_views_<m> as view_through_<m>"
        ) }},
        {{ each_measure("cells.overlapping_<m>") }},
        {{ each_measure("cells.modelled_<m>") }},
        {{ each_measure("cells.no_conversion_<m>") }},
        {{ each_measure("rests.duplicate_firing_<m>") }},
        {{ each_measure("rests.other_campaigns_<m>") }},
        {{ each_measure("rests.unexplained_<m>") }},
        {{ each_measure("rests.unseen_<m> + cells.unseen_<m> as unseen_<m>") }},
        {{ each_measure("rests.unreported_<m> + cells.unreported_<m> as missing_<m>") }}
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

-- What is not claimed of a day that is not settled may still be.
judged as (
    select
        *,
        {{ each_measure(
            "case when is_settled then 0 else missing_<m> end"
            " as not_yet_settled_<m>"
        ) }},
        {{ each_measure("case when is_settled then missing_<m> else 0 end as unreported_<m>") }}
    from joined
),

known as (
    select
        report_date,
        platform,
        account_id,
        campaign_id,
        goal,
        is_settled,
        {{ each_measure(
            "cast(case when has_<m> then reconciled_<m> end as decimal(<digits>, 6))"
            " as reconciled_<m>"
        ) }},
        {{ each_measure(
            "cast(case when is_known_<m> then refunds_<m> end as decimal(<digits>, 6))"
            " as refunds_<m>"
        ) }},
        {{ each_measure(
            "cast(case when is_known_<m> then cancellations_<m> end as decimal(<digits>, 6))"
            " as cancellations_<m>"
        ) }},
        {{ each_measure(
            "cast(case when is_known_<m> then other_channels_<m> end as decimal(<digits>, 6))"
            " as other_channels_<m>"
        ) }},
        {{ each_measure(
            "cast(case when is_known_<m> then other_platforms_<m> end as decimal(<digits>, 6))"
            " as other_platforms_<m>"
        ) }},
        {{ each_measure(
            "cast(case when is_known_<m> then zone_<m> end as decimal(<digits>, 6))"
            " as zone_<m>"
        ) }},
        {{ each_measure(
            "cast(case when is_known_<m> then date_basis_<m> end as decimal(<digits>, 6))"
            " as date_basis_<m>"
        ) }},
        {{ each_measure(
            "cast(case when is_known_<m> then currency_<m> end as decimal(<digits>, 6))"
            " as currency_<m>"
        ) }},
        {{ each_measure(
            "cast(case when is_known_<m> then window_<m> end as decimal(<digits>, 6))"
            " as window_<m>"
        ) }},
        {{ each_measure(
            "cast(case when is_known_<m> then valuation_<m> end as decimal(<digits>, 6))"
            " as valuation_<m>"
        ) }},
        {{ each_measure(
            "cast(case when is_known_<m> then view_through_<m> end as decimal(<digits>, 6))"
            " as view_through_<m>"
        ) }},
        {{ each_measure(
            "cast(case when is_known_<m> then overlapping_<m> end as decimal(<digits>, 6))"
            " as overlapping_<m>"
        ) }},
        {{ each_measure(
            "cast(case when is_known_<m> then modelled_<m> end as decimal(<digits>, 6))"
            " as modelled_<m>"
        ) }},
        {{ each_measure(
            "cast(case when is_known_<m> then duplicate_firing_<m> end as decimal(<digits>, 6))"
            " as duplicate_firing_<m>"
        ) }},
        {{ each_measure(
            "cast(case when is_known_<m> then not_yet_settled_<m> end as decimal(<digits>, 6))"
            " as not_yet_settled_<m>"
        ) }},
        {{ each_measure(
            "cast(case when is_known_<m> then other_campaigns_<m> end as decimal(<digits>, 6))"
            " as other_campaigns_<m>"
        ) }},
        {{ each_measure(
            "cast(case when is_known_<m> then unseen_<m> end as decimal(<digits>, 6))"
            " as unseen_<m>"
        ) }},
        {{ each_measure(
            "cast(case when is_known_<m> then unreported_<m> end as decimal(<digits>, 6))"
            " as unreported_<m>"
        ) }},
        {{ each_measure(
            "cast(case when is_known_<m> then no_conversion_<m> end as decimal(<digits>, 6))"
            " as no_conversion_<m>"
        ) }},
        {{ each_measure(
            "cast(case when is_known_<m> then unexplained_<m> end as decimal(<digits>, 6))"
            " as unexplained_<m>"
        ) }},
        {{ each_measure(
            "cast(case when is_known_<m> then claimed_<m> end as decimal(<digits>, 6))"
            " as claimed_<m>"
        ) }}
    from judged
),

-- Some steps move money alone.
final as (
    select
        report_date,
        platform,
        account_id,
        campaign_id,
        goal,
        is_settled,
        claimed_conversions,
        reconciled_conversions,
        cancellations_conversions,
        other_channels_conversions,
        other_platforms_conversions,
        zone_conversions,
        date_basis_conversions,
        window_conversions,
        view_through_conversions,
        overlapping_conversions,
        modelled_conversions,
        duplicate_firing_conversions,
        not_yet_settled_conversions,
        other_campaigns_conversions,
        unseen_conversions,
        unreported_conversions,
        no_conversion_conversions,
        unexplained_conversions,
        claimed_amount,
        reconciled_amount,
        refunds_amount,
        cancellations_amount,
        other_channels_amount,
        other_platforms_amount,
        zone_amount,
        date_basis_amount,
        currency_amount,
        window_amount,
        valuation_amount,
        view_through_amount,
        overlapping_amount,
        modelled_amount,
        duplicate_firing_amount,
        not_yet_settled_amount,
        other_campaigns_amount,
        unseen_amount,
        unreported_amount,
        no_conversion_amount,
        unexplained_amount
    from known
)

select * from final
