{{ config(severity="warn", meta={"runbook": "docs/runbook.md#deal-stages"}) }}

-- Sales of the last month that look like one: deals of the same person, worth the same in the same
-- pipeline, won within a week. Merge them, or delete one, where they are duplicates.
with sales as (
    select
        deals.source,
        deals.record_id,
        deals.selector,
        deals.customer_key,
        outcomes.sold_at,
        outcomes.amount_local,
        outcomes.currency_code
    from {{ ref("int_deals__outcomes") }} as outcomes
    inner join {{ ref("shape_deals") }} as deals
        on outcomes.source = deals.source and outcomes.deal_record_id = deals.record_id
    where
        outcomes.outcome = 'won'
        and outcomes.amount_local != 0
        and outcomes.taken_back_at is null
        and deals.customer_key is not null
        and deals.deleted_at is null
    qualify
        row_number() over (
            partition by outcomes.source, outcomes.deal_record_id
            order by outcomes.entered_at desc, outcomes.stage desc
        ) = 1
)

select
    later.source as segment,
    {{ local_date("min(later.sold_at)", "min(settings.reporting_zone)") }} as since_date,
    count(distinct later.record_id) as affected_rows,
    min_by(later.record_id, later.sold_at) as first_deal
from sales as earlier
cross join {{ ref("int_builds__covered") }} as covered
cross join {{ source("company", "settings") }} as settings
inner join sales as later
    on
        earlier.source = later.source
        and earlier.customer_key = later.customer_key
        and earlier.selector is not distinct from later.selector
        and earlier.amount_local = later.amount_local
        and earlier.currency_code is not distinct from later.currency_code
        and earlier.record_id < later.record_id
        and cast(later.sold_at as date) > {{ add_days("covered.through_date", -30) }}
        and abs({{ seconds_between("earlier.sold_at", "later.sold_at") }}) <= 7 * 86400
group by later.source
