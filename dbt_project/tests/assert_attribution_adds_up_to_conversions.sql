{{ config(meta={"runbook": "docs/runbook.md#balance"}) }}

-- Credit, revenue or margin of a conversion does not come out whole under every model, or there is
-- a model that does not credit it.
with credited as (
    select
        conversion_id,
        model,
        sum(credit) as credit,
        sum(revenue_amount) as revenue_amount,
        sum(margin_amount) as margin_amount
    from {{ ref("fct_attribution") }}
    group by conversion_id, model
),

compared as (
    select
        conversion_id,
        count(*) as models,
        min(credit) as least_credit,
        max(credit) as most_credit,
        min(revenue_amount) as least_revenue_amount,
        max(revenue_amount) as most_revenue_amount,
        min(margin_amount) as least_margin_amount,
        max(margin_amount) as most_margin_amount
    from credited
    group by conversion_id
)

select
    compared.conversion_id,
    compared.models,
    compared.least_credit,
    compared.most_credit,
    compared.least_revenue_amount,
    compared.most_revenue_amount,
    conversions.net_amount
from compared
left join {{ ref("fct_conversions") }} as conversions
    on
        compared.conversion_id = conversions.conversion_id
        and conversions.record_type != 'visit'
where
    compared.models != 6
    or compared.least_credit != 1
    or compared.most_credit != 1
    or compared.least_revenue_amount is distinct from conversions.net_amount
    or compared.most_revenue_amount is distinct from conversions.net_amount
    or compared.least_margin_amount is distinct from conversions.margin_amount
    or compared.most_margin_amount is distinct from conversions.margin_amount
    or conversions.attribution_state is distinct from 'attributed'
