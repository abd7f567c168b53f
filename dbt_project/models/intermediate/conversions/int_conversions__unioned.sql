-- What the mart covers of everything that converted. An address that stands for nobody in
-- particular says of no record whose it is.
select
    recorded.conversion_id,
    recorded.source,
    recorded.stream,
    recorded.record_type,
    recorded.record_id,
    recorded.journey_id,
    recorded.goal,
    recorded.tier,
    recorded.counts_as_revenue,
    recorded.margin_ratio,
    recorded.status,
    recorded.conversion_at,
    recorded.conversion_date,
    recorded.started_at,
    recorded.journey_end_at,
    recorded.is_journey_time_known,
    recorded.is_time_known,
    recorded.is_web,
    recorded.transaction_id,
    recorded.other_transaction_id,
    recorded.record_amount_local,
    recorded.shipping_amount_local,
    recorded.currency_code,
    case when shared_keys.customer_key is null then recorded.customer_key end as customer_key,
    recorded.click_id,
    recorded.click_id_kind,
    recorded.utm_source,
    recorded.utm_medium,
    recorded.utm_campaign,
    recorded.referrer,
    recorded.landing_page,
    recorded.platform,
    recorded.ad_account_id,
    recorded.campaign_id,
    recorded._rows,
    recorded._day,
    recorded._load_id
from {{ ref("int_conversions__recorded") }} as recorded
left join {{ ref("int_customers__shared_keys") }} as shared_keys
    on recorded.customer_key = shared_keys.customer_key
where recorded.is_due
