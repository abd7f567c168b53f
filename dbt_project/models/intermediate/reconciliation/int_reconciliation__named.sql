{{ config(materialized="table") }}

-- Platforms that name the order of each sale are asked sale by sale: which of them our records know
-- without the platform's touch, which touched conversions the platform does not name, and which
-- sales are of no conversion at all. Steps like those of int_reconciliation__steps.
with sales as (
    select
        sales.platform,
        coalesce(sales.account_id, '(unknown)') as account_id,
        coalesce(sales.campaign_id, '(unknown)') as campaign_id,
        actions.goal,
        sales.sold_date,
        {{ comparable_id("sales.order_id") }} as comparable_id,
        sales.currency_code,
        sales.amount_local
    from {{ ref("fct_affiliate_sales") }} as sales
    inner join {{ ref("int_claims__actions") }} as actions
        on
            sales.platform = actions.platform
            and sales.account_id is not distinct from actions.account_id
            and sales.action = actions.action_id
    where actions.is_headline and sales.order_id is not null and sales.status != 'declined'
),

conversions as (
    select
        reconciled.conversion_id,
        reconciled.goal,
        coalesce(reconciled.gross_amount, 0) as gross_amount,
        unioned.transaction_id,
        unioned.other_transaction_id
    from {{ ref("int_conversions__reconciled") }} as reconciled
    inner join {{ ref("int_conversions__unioned") }} as unioned
        on reconciled.conversion_id = unioned.conversion_id
    where reconciled.record_type != 'visit' and reconciled.goal in (select goal from sales)
),

named_ids as (
    select
        conversion_id,
        goal,
        gross_amount,
        transaction_id as order_id
    from conversions
    where transaction_id is not null
    union all
    select
        conversion_id,
        goal,
        gross_amount,
        other_transaction_id as order_id
    from conversions
    where other_transaction_id is not null
),

ids as (
    select distinct
        conversion_id,
        goal,
        gross_amount,
        {{ comparable_id("order_id") }} as comparable_id
    from named_ids
),

rates as (
    select
        date_day,
        currency_code,
        units_local,
        units_reporting
    from {{ ref("int_exchange_rates__carried") }}
),

named as (
    select
        sales.*,
        ids.conversion_id,
        ids.gross_amount,
        {{ convert_amount("sales.amount_local", "rates.units_local", "rates.units_reporting") }}
            as sale_amount
    from sales
    left join ids on sales.goal = ids.goal and sales.comparable_id = ids.comparable_id
    left join rates
        on sales.sold_date = rates.date_day and sales.currency_code = rates.currency_code
),

touched as (
    select
        touched.conversion_id,
        touched.platform,
        touched.account_id,
        touched.campaign_id,
        touched.goal,
        touched.claimable_date,
        touched.gross_amount
    from {{ ref("int_reconciliation__touched") }} as touched
    where
        touched.is_in_window
        and (touched.platform, touched.account_id) in (
            select
                platform,
                account_id
            from sales
        )
),

unioned as (
    select
        named.conversion_id,
        named.platform,
        named.account_id,
        named.campaign_id,
        named.goal,
        named.sold_date as report_date,
        case when named.conversion_id is null then 'no_conversion' else 'unseen' end as step,
        1 as conversions,
        coalesce(named.gross_amount, named.sale_amount, 0) as amount
    from named
    left join touched
        on
            named.conversion_id = touched.conversion_id
            and named.platform = touched.platform
    where touched.conversion_id is null
    union all
    select
        conversion_id,
        platform,
        account_id,
        campaign_id,
        goal,
        sold_date as report_date,
        'valuation' as step,
        0 as conversions,
        sale_amount - gross_amount as amount
    from named
    where sale_amount != gross_amount
    union all
    select
        touched.conversion_id,
        touched.platform,
        touched.account_id,
        touched.campaign_id,
        touched.goal,
        touched.claimable_date,
        'unreported' as step,
        -1 as conversions,
        -touched.gross_amount as amount
    from touched
    left join named
        on
            touched.conversion_id = named.conversion_id
            and touched.platform = named.platform
    where named.platform is null
),

final as (
    select
        conversion_id,
        platform,
        account_id,
        campaign_id,
        goal,
        report_date,
        step,
        conversions,
        cast(amount as decimal(38, 6)) as amount
    from unioned
)

select * from final
