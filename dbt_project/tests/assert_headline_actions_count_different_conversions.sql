{{ config(severity="warn", meta={"runbook": "docs/runbook.md#claims"}) }}

-- Two actions of one account and goal claim the same number, worth the same, of the same ads on the
-- same days. Both are headline claims, so what looks like two conversions is one: a tag's and an
-- import of the same sale, or an old action and the new one. Four fifths of what the smaller of the
-- two claims must be so, and some of it be worth something: numbers alone are often alike, and take
-- more of them. Only the last month counts.
{#- So many conversions of one worth, and so many that are worth nothing, are no chance. -#}
{%- set least_valued, least_counted = 3, 10 %}
with claims as (
    select
        platform,
        account_id,
        goal,
        action_id,
        {{ hash_key(["campaign_id", "ad_group_id", "ad_id", "currency_code"]) }} as ad_key,
        claim_date,
        max(coalesce(action_name, action_id)) as action_name,
        sum(claimed_conversions) as claimed_conversions,
        coalesce(sum(claimed_amount_local), 0) as claimed_amount_local,
        max(currency_code) as currency_code
    from {{ ref("fct_platform_claims") }}
    where
        is_headline
        and claimed_conversions > 0
        and claim_date
        > (select {{ add_days("through_date", -30) }} from {{ ref("int_builds__covered") }})
    group by platform, account_id, goal, action_id, ad_key, claim_date
),

totals as (
    select
        platform,
        account_id,
        goal,
        action_id,
        sum(claimed_conversions) as claimed_conversions
    from claims
    group by platform, account_id, goal, action_id
),

alike as (
    select
        one.platform,
        one.account_id,
        one.goal,
        one.action_id,
        other.action_id as other_action_id,
        max(one.action_name) as action_name,
        max(other.action_name) as other_action_name,
        min(one.claim_date) as since_date,
        count(*) as affected_rows,
        sum(one.claimed_conversions) as claimed_conversions,
        sum(one.claimed_amount_local) as affected_amount_local,
        max(one.currency_code) as currency_code
    from claims as one
    inner join claims as other
        on
            one.platform = other.platform
            and one.account_id = other.account_id
            and one.goal = other.goal
            and one.ad_key = other.ad_key
            and one.claim_date = other.claim_date
            and one.claimed_conversions = other.claimed_conversions
            and one.claimed_amount_local = other.claimed_amount_local
            and one.action_id < other.action_id
    group by one.platform, one.account_id, one.goal, one.action_id, other.action_id
)

select
    alike.platform || ' ' || alike.account_id || ' ' || alike.goal as segment,
    alike.since_date,
    alike.affected_rows,
    alike.claimed_conversions,
    alike.affected_amount_local,
    alike.currency_code,
    alike.action_name || ' (' || alike.action_id || ') and ' || alike.other_action_name || ' ('
    || alike.other_action_id || ') claim the same conversions, and both count' as observed
from alike
inner join totals as one
    on
        alike.platform = one.platform
        and alike.account_id = one.account_id
        and alike.goal = one.goal
        and alike.action_id = one.action_id
inner join totals as other
    on
        alike.platform = other.platform
        and alike.account_id = other.account_id
        and alike.goal = other.goal
        and alike.other_action_id = other.action_id
where
    alike.claimed_conversions
    >= 0.8 * least(one.claimed_conversions, other.claimed_conversions)
    and alike.claimed_conversions
    >= case
        when alike.affected_amount_local > 0 then {{ least_valued }} else {{ least_counted }}
    end
