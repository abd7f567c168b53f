-- What the gap of a platform is made of: of the conversions of revenue goals it claims of a day, as
-- many as stand in each cause, whichever way the cause goes. Days that are settled alone: until
-- then claims still come. What moves conversions between days or campaigns alone has no share, and
-- a cause that a platform never had is no signal.
{%- set causes = [
    "cancellations", "other_channels", "other_platforms", "window", "view_through", "overlapping",
    "modelled", "duplicate_firing", "unseen", "unreported", "no_conversion", "unexplained",
] %}

with goals as (
    select goal from {{ source("company", "goals") }}
    where counts_as_revenue
),

gap as (
    select * from {{ ref("fct_reconciliation_daily") }}
    where is_settled and goal in (select goal from goals)
),

caused as (
    {{ gap_by_cause("gap", causes) }}
),

known as (
    select
        platform,
        cause
    from caused
    group by platform, cause
    having sum(conversions) > 0
),

counted as (
    select
        'cause' as dimension,
        caused.platform || ' ' || caused.cause as segment,
        caused.platform as system,
        caused.report_date as signal_date,
        round(caused.conversions) as conversions,
        round(caused.claims) as claims,
        caused.claimed_amount,
        true as is_mature
    from caused
    inner join known on caused.platform = known.platform and caused.cause = known.cause
),

final as (
    {{ signals_of("counted", [("gap_cause_share", "conversions", "claims", "claimed_amount")]) }}
)

select * from final
