{{ config(materialized="table") }}

-- What customers brought at each month of their age, by the day they were acquired on and the
-- channel that brought them. Months of age have 30 days and begin with each one's own first
-- conversion; what came before it (an order that was cancelled) counts in the first.
with customers as (
    select
        customer_id,
        first_conversion_date,
        first_channel as channel,
        may_be_older
    from {{ ref("dim_customer") }}
    where first_conversion_id is not null
),

owned as (
    select
        conversion_id,
        customer_id,
        conversion_date,
        tier = 'strong' and status = 'won' as is_counted
    from {{ ref("int_customers__conversions") }}
),

movements as (
    select
        owned.customer_id,
        entries.entry_date as moved_date,
        0 as conversions,
        entries.amount as revenue_amount,
        entries.margin_amount
    from {{ ref("fct_ledger_entries") }} as entries
    inner join owned on entries.conversion_id = owned.conversion_id
    union all
    select
        customer_id,
        conversion_date as moved_date,
        1 as conversions,
        0 as revenue_amount,
        null as margin_amount
    from owned
    where is_counted
),

aged as (
    select
        customers.first_conversion_date as acquired_date,
        customers.channel,
        customers.may_be_older,
        cast(
            floor(
                greatest(
                    {{ days_between("customers.first_conversion_date", "movements.moved_date") }}, 0
                ) / 30.0
            ) as integer
        ) as months_since,
        movements.conversions,
        movements.revenue_amount,
        movements.margin_amount
    from movements
    inner join customers on movements.customer_id = customers.customer_id
),

final as (
    select
        acquired_date,
        channel,
        months_since,
        bool_or(may_be_older) as may_be_older,
        sum(conversions) as conversions,
        sum(revenue_amount) as revenue_amount,
        sum(margin_amount) as margin_amount
    from aged
    group by acquired_date, channel, months_since
)

select * from final
