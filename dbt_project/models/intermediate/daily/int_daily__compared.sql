{{ config(materialized="table") }}

-- What really came in of the goals that a platform claims under its headline, on days whose claims
-- are known: the side of a claim that it can be compared with. A platform that claims orders alone
-- says nothing of the weddings it brought.
with measured as (
    select * from {{ ref("int_daily__measured") }}
    where measure in ('claims', 'conversions', 'ledger') and platform is not null
),

claimed_goals as (
    select distinct
        platform,
        goal
    from measured
    where measure = 'claims'
),

known_days as (
    select
        platform,
        claim_date
    from {{ ref("int_claims__known_days") }}
),

final as (
    select
        measured.report_date,
        measured.channel,
        measured.platform,
        measured.account_id,
        measured.campaign_id,
        {{ sum_of_measure("measured.reconciled_conversions", "conversions", "decimal(18, 6)") }}
            as compared_conversions,
        {{ sum_of_measure("measured.reconciled_revenue_amount", "ledger", "decimal(38, 6)") }}
            as compared_revenue_amount
    from measured
    inner join claimed_goals
        on measured.platform = claimed_goals.platform and measured.goal = claimed_goals.goal
    inner join known_days
        on
            measured.platform = known_days.platform
            and measured.report_date = known_days.claim_date
    group by
        measured.report_date,
        measured.channel,
        measured.platform,
        measured.account_id,
        measured.campaign_id
)

select * from final
