with source as (
    select * from {{ source("raw_toy", "orders") }}
),

final as (
    select
        'toy' as source,
        'orders' as stream,
        account_id,
        order_id as record_id,
        order_id as transaction_id,
        cast(null as {{ dbt.type_string() }}) as other_transaction_id,
        ordered_at,
        true as is_time_known,
        'won' as status,
        true as is_web,
        total as expected_amount_local,
        cast(null as decimal(18, 6)) as shipping_amount_local,
        cast(0 as decimal(18, 6)) as unpaid_amount_local,
        currency as currency_code,
        'order' as selector,
        cast(null as {{ dbt.type_string() }}) as goal,
        email_hmac as customer_key,
        cast(null as {{ dbt.type_string() }}) as lead_record_id,
        cast(null as {{ dbt.type_string() }}) as click_id,
        cast(null as {{ dbt.type_string() }}) as click_id_kind,
        lower(utm_source) as utm_source,
        lower(utm_medium) as utm_medium,
        utm_campaign,
        cast(null as {{ dbt.type_string() }}) as referrer,
        cast(null as {{ dbt.type_string() }}) as landing_page,
        cast(null as {{ dbt.type_string() }}) as platform,
        cast(null as {{ dbt.type_string() }}) as ad_account_id,
        cast(null as {{ dbt.type_string() }}) as campaign_id,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from source
)

select * from final
