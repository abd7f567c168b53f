-- Orders or payments. `amount_local` is what the customer was charged: after the discount, with
-- shipping. A date without a time is a day of the reporting zone.
with source as (
    select * from {{ ref("stg_files__known_orders") }}
    where reason is null
),

settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

selectors as (
    select
        feed,
        selector
    from {{ ref("stg_files__selectors") }}
    where stream = 'orders'
),

leads as (
    select
        feed,
        record_number,
        lead_record_id
    from {{ ref("stg_files__leads_of_records") }}
    where stream = 'orders'
),

final as (
    select
        'files' as source,
        'orders' as stream,
        source.feed as account_id,
        source.feed || ':' || source.order_id as record_id,
        source.order_id as transaction_id,
        cast(null as {{ dbt.type_string() }}) as other_transaction_id,
        coalesce(
            source.ordered_at, {{ day_start("source.ordered_date", "settings.reporting_zone") }}
        ) as ordered_at,
        source.ordered_at is not null
        and not coalesce(source.is_date_assumed, false) as is_time_known,
        source.state as status,
        true as is_web,
        cast(source.amount_local as decimal(18, 6)) as expected_amount_local,
        cast(source.shipping_amount_local as decimal(18, 6)) as shipping_amount_local,
        cast(
            case when source.state in ('pending', 'void') then source.amount_local else 0 end
            as decimal(18, 6)
        ) as unpaid_amount_local,
        source.currency_code,
        selectors.selector,
        source.goal,
        source.person_id_hmac as customer_key,
        leads.lead_record_id,
        source.click_id,
        source.click_id_kind,
        lower(source.utm_source) as utm_source,
        lower(source.utm_medium) as utm_medium,
        source.utm_campaign,
        source.referrer,
        source.landing_page,
        {{ spelt_platform("source.platform") }} as platform,
        {{ spelt_account("source.platform", "source.account_id") }} as ad_account_id,
        {{ spelt_id("source.campaign_id") }} as campaign_id,
        cast(1 as bigint) as _rows,
        source._day,
        source._load_id
    from source
    cross join settings
    left join selectors on source.feed = selectors.feed
    left join leads
        on source.feed = leads.feed and source.order_id = leads.record_number
)

select * from final
