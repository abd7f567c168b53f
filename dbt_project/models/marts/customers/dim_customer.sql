{{ config(materialized="table") }}

-- Who bought or asked, over all systems that know them. Of visits nothing is read: a browser makes
-- nobody a customer, and none is tied to one here.
{#- How long a history must have been before one who comes for the first time is likely new: most of
    those who come back do so within a quarter. -#}
{%- set first_days = 90 %}
with records as (
    select * from {{ ref("int_customers__conversions") }}
),

keys as (
    select
        customer_id,
        count(distinct customer_key) as key_count
    from {{ ref("int_customers__keys") }}
    group by customer_id
),

entries as (
    select
        records.customer_id,
        sum(entries.amount) as revenue_amount,
        sum(entries.margin_amount) as margin_amount
    from {{ ref("fct_ledger_entries") }} as entries
    inner join records on entries.conversion_id = records.conversion_id
    group by records.customer_id
),

credited as (
    select
        conversion_id,
        channel,
        platform,
        account_id,
        campaign_id
    from {{ ref("int_conversions__credited") }}
),

customers as (
    select
        customer_id,
        min(first_conversion_id) as first_conversion_id,
        min(conversion_date) as first_seen_date,
        count(case when tier = 'strong' and status = 'won' then 1 end) as conversion_count,
        count(case when record_type = 'lead' then 1 end) as lead_count,
        max(case when tier = 'strong' and status = 'won' then conversion_date end)
            as last_conversion_date
    from records
    group by customer_id
),

final as (
    select
        customers.customer_id,
        cast(keys.key_count as bigint) as key_count,
        customers.first_seen_date,
        customers.first_conversion_id,
        firsts.conversion_at as first_conversion_at,
        firsts.conversion_date as first_conversion_date,
        firsts.goal as first_goal,
        credited.channel as first_channel,
        credited.platform as first_platform,
        credited.account_id as first_account_id,
        credited.campaign_id as first_campaign_id,
        {{ add_days("settings.history_start", first_days) }} > firsts.conversion_date
            as may_be_older,
        customers.last_conversion_date,
        cast(customers.conversion_count as bigint) as conversion_count,
        cast(customers.lead_count as bigint) as lead_count,
        cast(coalesce(entries.revenue_amount, 0) as decimal(38, 6)) as revenue_amount,
        cast(
            case when entries.customer_id is null then 0 else entries.margin_amount end
            as decimal(38, 6)
        ) as margin_amount
    from customers
    cross join {{ source("company", "settings") }} as settings
    left join keys on customers.customer_id = keys.customer_id
    left join records as firsts on customers.first_conversion_id = firsts.conversion_id
    left join credited on customers.first_conversion_id = credited.conversion_id
    left join entries on customers.customer_id = entries.customer_id
)

select * from final
