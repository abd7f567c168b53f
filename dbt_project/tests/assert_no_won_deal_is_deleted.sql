{{ config(severity="warn", meta={"runbook": "docs/runbook.md#deal-stages"}) }}

-- Deals were deleted in the last week after they were won: what they earned is taken back on the
-- day of the deletion.
select
    deals.source as segment,
    {{ local_date("min(deals.deleted_at)", "min(settings.reporting_zone)") }} as since_date,
    count(*) as affected_rows,
    min_by(deals.record_id, deals.deleted_at) as first_deal
from {{ ref("shape_deals") }} as deals
cross join {{ ref("int_builds__covered") }} as covered
cross join {{ source("company", "settings") }} as settings
where
    cast(deals.deleted_at as date) > {{ add_days("covered.through_date", -7) }}
    and (deals.source, deals.record_id) in (
        select
            source,
            deal_record_id
        from {{ ref("int_deals__outcomes") }}
        where outcome = 'won'
    )
group by deals.source
