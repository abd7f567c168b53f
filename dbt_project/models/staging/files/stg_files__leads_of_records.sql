-- The lead behind an order or a deal. Two systems may number their leads alike: the feed's own lead
-- comes first. An id that no lead has as it is written may be one's as another system spells it.
with records as (
    select
        'orders' as stream,
        feed,
        order_id as record_number,
        lead_id,
        {{ comparable_id("lead_id") }} as comparable_id
    from {{ source("raw_files", "orders") }}
    union all
    select
        'deals' as stream,
        feed,
        deal_id as record_number,
        lead_id,
        {{ comparable_id("lead_id") }} as comparable_id
    from {{ source("raw_files", "deals") }}
),

leads as (
    select
        feed,
        lead_id,
        {{ comparable_id("lead_id") }} as comparable_id,
        created_date
    from {{ source("raw_files", "leads") }}
),

final as (
    select
        records.stream,
        records.feed,
        records.record_number,
        'lead:' || leads.feed || ':' || leads.lead_id as lead_record_id
    from records
    inner join leads on records.comparable_id = leads.comparable_id
    qualify
        row_number() over (
            partition by records.stream, records.feed, records.record_number
            order by
                case when records.lead_id = leads.lead_id then 0 else 1 end,
                case when records.feed = leads.feed then 0 else 1 end,
                leads.created_date,
                leads.feed,
                leads.lead_id
        ) = 1
)

select * from final
