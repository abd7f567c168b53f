-- The person's record that leads and deals share: when they asked, and what they came by. Where
-- they never asked, a touch recorded of them under the same key stands in.
with deals as (
    select
        source,
        journey_key
    from {{ ref("shape_deals") }}
    where journey_key is not null
),

records as (
    select
        source,
        record_id,
        coalesce(journey_key, record_id) as journey_key,
        created_at as asked_at,
        is_time_known,
        customer_key,
        click_id,
        click_id_kind,
        utm_source,
        utm_medium,
        utm_campaign,
        referrer,
        landing_page,
        platform,
        ad_account_id,
        campaign_id
    from {{ ref("shape_leads") }}
    union all
    select
        source,
        record_id,
        record_id as journey_key,
        touch_at as asked_at,
        true as is_time_known,
        customer_key,
        click_id,
        click_id_kind,
        utm_source,
        utm_medium,
        utm_campaign,
        referrer,
        landing_page,
        platform,
        ad_account_id,
        campaign_id
    from {{ ref("shape_touches") }}
    where
        (source, record_id) in (
            select
                source,
                journey_key
            from deals
        )
),

final as (
    select * from records
    qualify
        row_number() over (partition by source, journey_key order by asked_at, record_id) = 1
)

select * from final
