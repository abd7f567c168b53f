{{ config(meta={"runbook": "docs/runbook.md#balance"}) }}

-- Credit, revenue or margin of a conversion does not come out whole under every model.
with credited as (
    select
        conversion_id,
        model,
        sum(credit) as credit,
        sum(revenue_amount) as revenue_amount,
        sum(margin_amount) as margin_amount
    from {{ ref("fct_attribution") }}
    group by conversion_id, model
)

select
    credited.conversion_id,
    credited.model,
    credited.credit,
    credited.revenue_amount,
    conversions.net_amount
from credited
left join {{ ref("fct_conversions") }} as conversions
    on credited.conversion_id = conversions.conversion_id
where
    credited.credit != 1
    or credited.revenue_amount is distinct from conversions.net_amount
    or credited.margin_amount is distinct from conversions.margin_amount
    or conversions.attribution_state is distinct from 'attributed'
