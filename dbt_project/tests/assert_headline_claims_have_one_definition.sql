{{ config(severity="warn", meta={"runbook": "docs/runbook.md#claims"}) }}

-- Promise 6. Headline claims of a platform, account and goal are of several definitions on a day.
-- They answer different questions, so the daily marts show none of the platform's claims on those
-- days: name one action as the headline in the company file. The day counts, because a default may
-- change: older days keep what they had. Claims may be in several currencies, so the amount is in
-- the reporting one; what has no rate in it is set aside, and no definition.
with days as (
    select
        platform,
        account_id,
        goal,
        claim_date,
        {{ definition_count() }} as definition_count,
        sum(claimed_conversions) as claimed_conversions,
        sum(claimed_amount) as claimed_amount
    from {{ ref("fct_platform_claims") }}
    where
        is_headline
        and not ({{ is_unconverted("claimed_amount_local", "claimed_amount") }})
    group by platform, account_id, goal, claim_date
    having {{ definition_count() }} > 1
)

select
    days.platform || ' ' || days.account_id || ' ' || days.goal as segment,
    min(days.claim_date) as since_date,
    count(*) as day_count,
    max(days.definition_count) as definition_count,
    sum(days.claimed_conversions) as claimed_conversions,
    sum(days.claimed_amount) as affected_amount_local,
    max(settings.reporting_currency) as currency_code
from days
cross join {{ source("company", "settings") }} as settings
group by days.platform, days.account_id, days.goal
