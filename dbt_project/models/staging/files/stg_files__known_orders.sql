{{ config(materialized="table") }}

-- Orders with what keeps them from being used, where something does: an order that a newer load has
-- on another day is that one.
with source as (
    select * from {{ source("raw_files", "orders") }}
),

statuses as (
    select
        said,
        meaning
    from {{ ref("stg_files__words") }}
    where used_for = 'status'
),

understood as (
    select
        source.*,
        case statuses.meaning when 'refunded' then 'won' else statuses.meaning end as state,
        coalesce(statuses.meaning = 'refunded', false) as is_said_refunded
    from source
    left join statuses on coalesce(source.status, '') = statuses.said
),

final as (
    select
        feed,
        order_id,
        ordered_at,
        ordered_date,
        is_date_assumed,
        state,
        is_said_refunded,
        amount_local,
        discount_amount_local,
        shipping_amount_local,
        currency_code,
        goal,
        person_id_hmac,
        {{ said_word("click_id") }} as click_id,
        {{ said_click_kind("click_id", "click_id_kind") }} as click_id_kind,
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
                coalesce(state, '') not in ('won', 'pending', 'void', 'cancelled')
                then 'its status is none of won, pending, void, cancelled'
        end as reason
    from understood
)

select * from final
