{%- set from_cells = [
    "refunds", "cancellations", "other_channels", "other_platforms", "window", "zone",
    "date_basis", "currency", "valuation", "view_through", "overlapping", "modelled",
] %}
{%- set of_amounts = ["refunds", "currency", "valuation"] %}

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
    {%- for measure in ["conversions", "amount"] %}
        rests.other_campaigns_{{ measure }},
        rests.duplicate_{{ measure }},
        rests.unseen_{{ measure }} + cells.unseen_{{ measure }} as all_unseen_{{ measure }},
        case when cells.report_date <= build.settled_through then 0 else 1 end
        * (rests.unreported_{{ measure }} + cells.unreported_{{ measure }})
            as late_{{ measure }},
        case when cells.report_date <= build.settled_through then 1 else 0 end
        * (rests.unreported_{{ measure }} + cells.unreported_{{ measure }})
            as left_out_{{ measure }},
        rests.unexplained_{{ measure }}{{ "," if not loop.last }}
    {%- endfor %}
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
        is_settled
        {%- for measure in ["conversions", "amount"] %}
            {%- set type = "decimal(18, 6)" if measure == "conversions" else "decimal(38, 6)" %}
            {%- set known = "is_known" %}
            {%- if measure == "amount" %}{% set known = "is_known and has_revenue" %}{% endif %}
        {%- set shown = [
            ("duplicate", "duplicate_firing"),
            ("late", "not_yet_settled"),
            ("other_campaigns", "other_campaigns"),
            ("all_unseen", "unseen"),
            ("left_out", "unreported"),
            ("no_conversion", "no_conversion"),
            ("unexplained", "unexplained"),
        ] %},
            cast(case when {{ known }} then claimed_{{ measure }} end as {{ type }})
                as claimed_{{ measure }},
            {%- if measure == "conversions" %}
                cast(reconciled_conversions as {{ type }}) as reconciled_conversions
            {%- else %}
                cast(case when has_revenue then reconciled_amount end as {{ type }})
                    as reconciled_amount
            {%- endif %}
            {%- for cause in from_cells if measure == "amount" or cause not in of_amounts %}
                ,
                cast(case when {{ known }} then {{ cause }}_{{ measure }} end as {{ type }})
                    as {{ cause }}_{{ measure }}
        {%- endfor %}
            {%- for column, name in shown %}
                ,
                cast(case when {{ known }} then {{ column }}_{{ measure }} end as {{ type }})
                    as {{ name }}_{{ measure }}
        {%- endfor %}
        {%- endfor %}
    from joined
)

select * from final
