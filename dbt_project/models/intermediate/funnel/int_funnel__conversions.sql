{{ config(materialized="table") }}

-- Conversions on the day of the visit or click they are credited to, so that they stand beside the
-- visits they came of. One that nothing is credited for stands on its own day, under the reason.
with conversions as (
    select
        conversion_id,
        conversion_date,
        tier,
        status,
        attribution_state
    from {{ ref("int_conversions__reconciled") }}
    where record_type != 'visit'
),

amounts as (
    select
        conversion_id,
        revenue_amount
    from {{ ref("int_attribution__amounts") }}
),

credits as (
    select
        conversion_id,
        touch_id,
        channel,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        credit,
        revenue_amount
    from {{ ref("fct_attribution") }}
    where model = 'last_non_direct'
),

touches as (
    select
        touch_id,
        touch_date,
        {{ page_key("landing_host", "landing_page") }} as page_key
    from {{ ref("fct_touches") }}
),

placed as (
    select
        conversions.conversion_id,
        conversions.tier,
        conversions.status,
        coalesce(touches.touch_date, conversions.conversion_date) as report_date,
        coalesce(
            credits.channel,
            case conversions.attribution_state
                when 'unobserved' then '(unobserved)'
                else '(observed, unattributed)'
            end
        ) as channel,
        credits.platform,
        credits.account_id,
        credits.campaign_id,
        credits.ad_group_id,
        credits.ad_id,
        touches.page_key,
        coalesce(credits.credit, 1) as credit,
        case
            when credits.conversion_id is null then coalesce(amounts.revenue_amount, 0)
            else credits.revenue_amount
        end as revenue_amount
    from conversions
    left join credits on conversions.conversion_id = credits.conversion_id
    left join touches on credits.touch_id = touches.touch_id
    left join amounts on conversions.conversion_id = amounts.conversion_id
),

final as (
    select
        conversion_id,
        report_date,
        channel,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        page_key,
        case when tier = 'weak' then credit else 0 end as weak_conversions,
        case when tier = 'strong' then credit else 0 end as strong_conversions,
        case when tier = 'strong' and status = 'won' then credit else 0 end as won_conversions,
        revenue_amount
    from placed
)

select * from final
