-- Every event GA4 recorded, duplicates of the tag included, with its amount as intake found it.
-- `session_*` is its last-click view of the session, null on days still open; `manual_*` and the
-- click id are what this event collected. Without consent to analytics an event has no browser and
-- no session. Consent is null where the property does not say.
with source as (
    select * from {{ source("raw_ga4", "events") }}
),

renamed as (
    select
        event_key,
        event_date,
        event_at,
        event_name,
        user_pseudo_id as client_id,
        cast(ga_session_id as {{ dbt.type_string() }}) as ga_session_id,
        user_id_hmac as user_id,
        page_location,
        -- of pages the property calls unwanted
        case when lower(ignore_referrer) in ('true', '1') then null else page_referrer end
            as page_referrer,
        nullif(nullif(transaction_id, ''), '(not set)') as transaction_id,
        -- GA4's own names of the events that take a sale back, and of older apps' sales
        case
            when event_name in ('refund', 'ecommerce_purchase') then 'purchase'
            when event_name = 'app_store_refund' then 'in_app_purchase'
            else event_name
        end as goal_event_name,
        -- as found at intake, of all that a tag may have sent; loads from before have only these
        case
            when amount is not null then amount
            when event_name in ('refund', 'app_store_refund') then -abs(purchase_revenue)
            else purchase_revenue
        end as amount_local,
        coalesce(amount_currency, nullif(upper(trim(currency)), '')) as currency_code,
        coalesce(tax_value, 0) + coalesce(shipping_value, 0) as added_amount_local,
        amount_from,
        is_currency_assumed,
        property_id,
        case
            when lower(session_engaged) in ('1', '1.0', 'true') then true
            when lower(session_engaged) in ('0', '0.0', 'false') then false
        end as is_engaged,
        collected_gclid,
        {{ said_word("collected_manual_source") }} as manual_source,
        {{ said_word("collected_manual_medium") }} as manual_medium,
        {{ said_word("collected_manual_campaign_name") }} as manual_campaign_name,
        nullif({{ said_word("collected_manual_campaign_id") }}, '0') as manual_campaign_id,
        session_source,
        session_medium,
        session_campaign_name,
        session_campaign_id,
        session_manual_source,
        session_manual_medium,
        nullif(session_ads_campaign_id, '0') as session_ads_campaign_id,
        session_default_channel,
        first_user_source as first_source,
        first_user_medium as first_medium,
        case analytics_storage when 'Yes' then true when 'No' then false end
            as has_analytics_consent,
        case ads_storage when 'Yes' then true when 'No' then false end as has_ads_consent,
        device_category,
        browser,
        country,
        _day,
        _load_id
    from source
),

final as (
    select
        'ga4' as source,
        'events' as stream,
        event_key,
        event_name,
        event_at,
        event_date,
        client_id,
        user_id,
        case
            when client_id is not null and ga_session_id is not null
                then {{ hash_key(["client_id", "ga_session_id"]) }}
        end as session_key,
        page_location,
        page_referrer,
        transaction_id,
        cast(amount_local as decimal(18, 6)) as amount_local,
        currency_code,
        cast(added_amount_local as decimal(18, 6)) as added_amount_local,
        amount_from,
        is_currency_assumed,
        goal_event_name,
        goal_event_name in ('purchase', 'in_app_purchase')
        and (event_name in ('refund', 'app_store_refund') or coalesce(amount_local, 0) < 0)
            as is_reversal,
        is_engaged,
        property_id,
        -- Other click ids stand in the page's address, which is read once for each visit
        collected_gclid as click_id,
        case when collected_gclid is not null then 'gclid' end as click_id_kind,
        manual_source,
        manual_medium,
        manual_campaign_name,
        manual_campaign_id,
        session_source,
        session_medium,
        session_campaign_name,
        session_campaign_id,
        session_manual_source,
        session_manual_medium,
        session_ads_campaign_id,
        case when session_ads_campaign_id is not null then 'gclid' end as session_ads_click_kind,
        session_default_channel,
        first_source,
        first_medium,
        has_analytics_consent,
        has_ads_consent,
        device_category,
        browser,
        country,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from renamed
)

select * from final
