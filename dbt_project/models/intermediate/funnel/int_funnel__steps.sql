-- All that is known behind the click, by where it came from and the page it began on.
with known as (
    select touch_type from {{ ref("int_funnel__known") }}
),

unioned as (
    select
        visits.report_date,
        visits.channel,
        visits.platform,
        visits.account_id,
        visits.campaign_id,
        visits.ad_group_id,
        visits.ad_id,
        visits.page_key,
        visits.sessions,
        visits.tagged_sessions,
        visits.engaged_sessions,
        visits.product_view_sessions,
        visits.form_start_sessions,
        visits.cart_sessions,
        visits.checkout_sessions,
        visits.enquiry_sessions,
        0 as weak_conversions,
        0 as strong_conversions,
        0 as won_conversions,
        0 as revenue_amount
    from {{ ref("int_funnel__visits") }} as visits
    inner join known on visits.touch_type = known.touch_type
    union all
    select
        report_date,
        channel,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        page_key,
        0 as sessions,
        0 as tagged_sessions,
        0 as engaged_sessions,
        0 as product_view_sessions,
        0 as form_start_sessions,
        0 as cart_sessions,
        0 as checkout_sessions,
        0 as enquiry_sessions,
        weak_conversions,
        strong_conversions,
        won_conversions,
        revenue_amount
    from {{ ref("int_funnel__conversions") }}
),

final as (
    select
        report_date,
        channel,
        platform,
        case when platform is not null then coalesce(account_id, '(unknown)') end as account_id,
        case when platform is not null then coalesce(campaign_id, '(unknown)') end as campaign_id,
        ad_group_id,
        ad_id,
        coalesce(page_key, '(unknown)') as page_key,
        sessions,
        tagged_sessions,
        engaged_sessions,
        product_view_sessions,
        form_start_sessions,
        cart_sessions,
        checkout_sessions,
        enquiry_sessions,
        weak_conversions,
        strong_conversions,
        won_conversions,
        revenue_amount
    from unioned
)

select * from final
