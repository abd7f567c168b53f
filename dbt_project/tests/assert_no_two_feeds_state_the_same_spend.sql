{{ config(severity="warn", meta={"runbook": "docs/runbook.md#spend-in-two-feeds"}) }}

-- Two feeds of files state what a campaign spent on a day: it adds up, so what both took from one
-- report counts twice. Feeds may be of ads or of campaigns, so their sums are compared. Named where
-- nearly all of what both state is the same: of parts of one whole few are. A campaign whose feed
-- names no account is of the one that has it.
{# So many days of a campaign that are alike are no chance. #}
{% set nearly_all, least_rows = 0.8, 3 %}
with spent as (
    select
        rows_of_files.platform,
        coalesce(rows_of_files.account_id, accounts.account_id) as account_id,
        rows_of_files.campaign_id,
        rows_of_files.ad_date,
        rows_of_files.currency_code,
        rows_of_files.feed,
        sum(rows_of_files.spend_amount_local) as spend_amount_local
    from {{ ref("shape_ad_performance") }} as rows_of_files
    left join {{ ref("int_campaigns__accounts") }} as accounts
        on
            rows_of_files.platform = accounts.platform
            and rows_of_files.campaign_id = accounts.campaign_id
    where rows_of_files.feed is not null
    group by all
),

stated as (
    select
        platform,
        account_id,
        campaign_id,
        ad_date,
        currency_code,
        count(*) as feed_count,
        min(feed) as first_feed,
        max(feed) as last_feed,
        min(spend_amount_local) = max(spend_amount_local) as is_alike,
        sum(spend_amount_local) - max(spend_amount_local) as further_amount_local
    from spent
    where spend_amount_local != 0
    group by platform, account_id, campaign_id, ad_date, currency_code
)

select
    platform || coalesce(' ' || account_id, '') as segment,
    min(ad_date) as since_date,
    count(*) as affected_rows,
    sum(further_amount_local) as affected_amount_local,
    currency_code,
    'feeds ' || min(first_feed) || ' and ' || max(last_feed) || ' both state the spend of '
    || cast(count(*) as {{ dbt.type_string() }}) || ' days of campaigns, '
    || cast(sum(case when is_alike then 1 else 0 end) as {{ dbt.type_string() }})
    || ' with the same amount' as observed
from stated
where feed_count > 1
group by platform, account_id, currency_code
having
    sum(case when is_alike then 1 else 0 end) >= {{ nearly_all }} * count(*)
    and sum(case when is_alike then 1 else 0 end) >= {{ least_rows }}
