{{ config(materialized="table") }}

-- Orders with what keeps them from being used, where something does: an order that a newer load has
-- on another day is that one.
with source as (
    select * from {{ source("raw_files", "orders") }}
),

final as (
    select
        feed,
        order_id,
        ordered_at,
        ordered_date,
        is_date_assumed,
        {{ record_status("status") }} as state,
        coalesce({{ says_refunded("status") }}, false) as is_said_refunded,
        amount_local,
        discount_amount_local,
        shipping_amount_local,
        currency_code,
        goal,
        person_id_hmac,
        click_id,
        click_id_kind,
        utm_source,
        utm_medium,
        utm_campaign,
        referrer,
        landing_page,
        platform,
        account_id,
        campaign_id,
        _day,
        _load_id,
        case
            when not {{ is_newest(["feed", "order_id"]) }}
                then 'stands on another day in a newer load'
            when
                coalesce({{ record_status("status") }}, '')
                not in ('won', 'pending', 'void', 'cancelled')
                then 'its status is none of won, pending, void, cancelled'
        end as reason
    from source
)

select * from final
