{{ config(materialized="table") }}

with amounts as (
    select
        conversion_id,
        sum(amount) as revenue_amount,
        sum(margin_amount) as margin_amount
    from {{ ref("fct_ledger_entries") }}
    where conversion_id is not null
    group by conversion_id
),

ranked as (
    select
        *,
        row_number() over (
            partition by conversion_id order by touch_at desc, touch_id
        ) as place_from_last,
        row_number() over (
            partition by conversion_id order by is_direct, touch_at desc, touch_id
        ) as place_from_last_non_direct
    from {{ ref("int_attribution__candidates") }}
),

credited as (
    select
        *,
        'last_touch' as model
    from ranked
    where place_from_last = 1
    union all
    select
        *,
        'last_non_direct' as model
    from ranked
    where place_from_last_non_direct = 1
),

final as (
    select
        credited.conversion_id,
        credited.touch_id,
        credited.model,
        credited.conversion_date,
        credited.goal,
        credited.tier,
        credited.touch_at,
        credited.channel,
        credited.platform,
        credited.account_id,
        credited.campaign_id,
        credited.ad_group_id,
        credited.ad_id,
        cast(1 as decimal(9, 6)) as credit,
        cast(coalesce(amounts.revenue_amount, 0) as decimal(38, 6)) as revenue_amount,
        cast(amounts.margin_amount as decimal(38, 6)) as margin_amount
    from credited
    left join amounts on credited.conversion_id = amounts.conversion_id
)

select * from final
