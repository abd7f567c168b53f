{{ config(materialized="table") }}

with sales as (
    select * from {{ ref("shape_affiliate_sales") }}
),

final as (
    select
        platform,
        account_id,
        campaign_id,
        sale_id,
        order_id,
        action,
        status,
        reason,
        sold_at,
        sold_date,
        validated_date,
        cast({{ days_between("sold_date", "validated_date") }} as integer) as days_to_validation,
        amount_local,
        currency_code,
        commission_amount_local,
        commission_currency_code
    from sales
)

select * from final
