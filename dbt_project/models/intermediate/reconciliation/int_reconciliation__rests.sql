{{ config(materialized="table") }}

-- What the rest of each campaign's claims is made of. First what it has too many and another of the
-- account, or another of the goals that share its action, too few; then its part of what is left of
-- them all. One tag reports clicks and views: as large a part of the views was sent twice.
-- Conversions are judged, their money follows: each is worth what ours are, a claim of none what
-- the platform says of its claims. What is left of the money is claims of another value than their
-- conversions: the valuation.
with cells as (
    select * from {{ ref("int_reconciliation__cells") }}
),

expected as (
    select * from {{ ref("int_reconciliation__expected") }}
),

judged as (
    select * from {{ ref("int_reconciliation__judged") }}
),

-- Of each campaign its part of what is left, and where nothing is, the same of all.
shared as (
    select
        cells.report_date,
        cells.platform,
        cells.account_id,
        cells.goal,
        cells.campaign_id,
        cells.rest_conversions as rest,
        cells.rest_amount,
        coalesce(cells.view_through_conversions, 0) as views,
        coalesce(cells.view_through_amount, 0) as views_amount,
        judged.rest_conversions as whole,
        judged.clicked_conversions as clicked,
        expected.conversion_worth,
        case
            when cells.clicked_conversions > 0
                then
                    cast(cells.clicked_amount as double)
                    / cast(cells.clicked_conversions as double)
            else expected.claim_worth
        end as claim_worth,
        judged.duplicate_firing_conversions as duplicate_firing,
        judged.unexplained_conversions as unexplained,
        judged.unreported_conversions as unreported,
        judged.beyond_window_conversions as beyond_window,
        case
            when judged.rest_conversions > 0
                then
                    cast(greatest(cells.rest_conversions, 0) as double)
                    / cast(judged.surplus_conversions as double)
            when judged.rest_conversions < 0
                then
                    cast(least(cells.rest_conversions, 0) as double)
                    / cast(judged.deficit_conversions as double)
            else cast(1 as double) / judged.campaigns
        end as campaign_share
    from cells
    inner join expected
        on
            cells.report_date = expected.report_date
            and cells.platform = expected.platform
            and cells.account_id = expected.account_id
            and cells.goal = expected.goal
    inner join judged
        on
            cells.report_date = judged.report_date
            and cells.platform = judged.platform
            and cells.account_id = judged.account_id
            and expected.goal_group = judged.goal_group
),

split as (
    select
        *,
        {{ share_of("whole", "campaign_share") }} as own,
        {{ share_of("duplicate_firing", "campaign_share") }} as doubled_conversions,
        coalesce(
            cast(duplicate_firing as double) / nullif(cast(clicked as double), 0), 0
        ) as doubled_share,
        {{ share_of("unexplained", "campaign_share") }} as unexplained_conversions,
        {{ share_of("unreported", "campaign_share") }} as unreported_conversions,
        {{ share_of("-beyond_window", "campaign_share") }} as window_conversions
    from shared
),

-- Rounded parts leave a last digit, which is of what is unseen.
counted as (
    select
        *,
        rest - own as other_campaigns_conversions,
        own
        - doubled_conversions
        - unexplained_conversions
        - unreported_conversions
        - window_conversions as unseen_conversions,
        {{ share_of("views", "doubled_share") }} as doubled_views_conversions
    from split
),

valued as (
    select
        *,
        {{ share_of("other_campaigns_conversions", "conversion_worth") }} as other_campaigns_amount,
        {{ share_of("doubled_conversions", "claim_worth") }} as doubled_amount,
        {{ share_of("views_amount", "doubled_share") }} as doubled_views_amount,
        {{ share_of("unseen_conversions", "conversion_worth") }} as unseen_amount,
        {{ share_of("window_conversions", "conversion_worth") }} as window_amount,
        {{ share_of("unreported_conversions", "conversion_worth") }} as unreported_amount,
        {{ share_of("unexplained_conversions", "claim_worth") }} as unexplained_amount
    from counted
),

final as (
    select
        report_date,
        platform,
        account_id,
        goal,
        campaign_id,
        {{ each_measure("other_campaigns_<m>") }},
        {{ each_measure("doubled_<m> + doubled_views_<m> as duplicate_firing_<m>") }},
        {{ each_measure("doubled_views_<m>") }},
        {{ each_measure("unseen_<m>") }},
        {{ each_measure("window_<m>") }},
        {{ each_measure("unreported_<m>") }},
        {{ each_measure("unexplained_<m>") }},
        rest_amount
        - other_campaigns_amount
        - doubled_amount
        - unseen_amount
        - window_amount
        - unreported_amount
        - unexplained_amount as valuation_amount
    from valued
)

select * from final
