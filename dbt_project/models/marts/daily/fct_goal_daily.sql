{{ config(materialized="table") }}

-- The measures of the daily marts that belong to a goal. Spend does not: what a campaign costs is
-- paid for all it may bring.
with measured as (
    select * from {{ ref("int_daily__measured") }}
    where measure in ('claims', 'conversions', 'ledger')
),

known_days as (
    select
        platform,
        claim_date
    from {{ ref("int_claims__known_days") }}
),

-- What a platform never claims under its headline is not known to be none.
claimed_goals as (
    select distinct
        platform,
        goal
    from measured
    where measure = 'claims'
),

added as (
    select
        report_date,
        channel,
        platform,
        account_id,
        campaign_id,
        goal,
        {{ sum_of_measure("claimed_conversions", "claims", "decimal(18, 6)") }}
            as claimed_conversions,
        {{ sum_of_measure("claimed_amount", "claims", "decimal(38, 6)") }} as claimed_amount,
        {{ sum_of_measure("reconciled_conversions", "conversions", "decimal(18, 6)") }}
            as reconciled_conversions,
        {{ sum_of_measure("new_customer_conversions", "conversions", "decimal(18, 6)") }}
            as new_customer_conversions,
        {{ sum_of_measure("returning_customer_conversions", "conversions", "decimal(18, 6)") }}
            as returning_customer_conversions,
        {{ sum_of_measure("reconciled_revenue_amount", "ledger", "decimal(38, 6)") }}
            as reconciled_revenue_amount,
        {{ sum_of_measure("reconciled_margin_amount", "ledger", "decimal(38, 6)") }}
            as reconciled_margin_amount
    from measured
    group by report_date, channel, platform, account_id, campaign_id, goal
),

campaigns as (
    select
        platform,
        account_id,
        campaign_id,
        campaign_name
    from {{ ref("int_campaigns__channels") }}
),

build as (
    select {{ add_days("build.through_date", "-settings.settled_after_days") }} as settled_through
    from {{ source("trueup", "build") }} as build
    cross join {{ source("company", "settings") }} as settings
),

final as (
    select
        added.report_date,
        added.channel,
        added.platform,
        added.account_id,
        added.campaign_id,
        coalesce(campaigns.campaign_name, added.campaign_id) as campaign_name,
        added.goal,
        case
            when known_days.platform is not null and claimed_goals.goal is not null
                then added.claimed_conversions
        end as claimed_conversions,
        case
            when known_days.platform is not null and claimed_goals.goal is not null
                then added.claimed_amount
        end as claimed_amount,
        added.reconciled_conversions,
        added.new_customer_conversions,
        added.returning_customer_conversions,
        cast(
            added.reconciled_conversions
            - added.new_customer_conversions
            - added.returning_customer_conversions as decimal(18, 6)
        ) as unknown_customer_conversions,
        added.reconciled_revenue_amount,
        added.reconciled_margin_amount,
        added.report_date <= build.settled_through as is_settled
    from added
    cross join build
    left join known_days
        on added.platform = known_days.platform and added.report_date = known_days.claim_date
    left join claimed_goals
        on added.platform = claimed_goals.platform and added.goal = claimed_goals.goal
    left join campaigns
        on
            added.platform = campaigns.platform
            and added.account_id = campaigns.account_id
            and added.campaign_id = campaigns.campaign_id
)

select * from final
