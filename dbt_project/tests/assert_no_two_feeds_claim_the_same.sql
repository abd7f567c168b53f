{{ config(severity="warn", meta={"runbook": "docs/runbook.md#claims-in-two-feeds"}) }}

-- Two feeds of files state a platform's claims of one ad, day, action and definition: they add up,
-- so what both took from one report counts twice. Named where nearly all of what both state is the
-- same number: of parts of one whole few are.
{% set nearly_all = 0.8 %}
with stated as (
    select
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        claim_date,
        action_id,
        date_basis,
        attribution_model,
        click_window_days,
        view_window_days,
        is_view_through,
        is_modelled,
        currency_code,
        time_zone,
        count(distinct feed) as feed_count,
        min(feed) as first_feed,
        max(feed) as last_feed,
        sum(claimed_conversions) as conversions,
        min(claimed_conversions) = max(claimed_conversions) as is_alike,
        sum(claimed_amount_local) - max(claimed_amount_local) as further_amount_local
    from {{ ref("shape_claims") }}
    where source = 'files' and is_current
    group by all
)

select
    platform as segment,
    min(claim_date) as since_date,
    count(*) as affected_rows,
    sum(further_amount_local) as affected_amount_local,
    currency_code,
    'feeds ' || min(first_feed) || ' and ' || max(last_feed) || ' both state '
    || cast(count(*) as {{ dbt.type_string() }}) || ' rows of one ad and day, '
    || cast(sum(case when is_alike then 1 else 0 end) as {{ dbt.type_string() }})
    || ' with the same number' as observed
from stated
where feed_count > 1 and conversions > 0
group by platform, currency_code
having sum(case when is_alike then 1 else 0 end) >= {{ nearly_all }} * count(*)
