{{ config(materialized="table") }}

-- Purchase events beside the orders they speak of. Amounts are compared as the matching does it,
-- and by how much they differ is sorted into what has a cause of its own.
with events as (
    select
        event_key,
        source,
        event_date,
        comparable_id,
        amount_local,
        amount,
        gross_amount,
        currency_code
    from {{ ref("int_events__conversions") }}
    where journey_type = 'order' and is_reversal is not true
),

ids as (
    select {{ comparable_id("transaction_id") }} as comparable_id
    from {{ ref("int_conversions__unioned") }}
    where record_type in ('order', 'booking')
    union
    select {{ comparable_id("other_transaction_id") }} as comparable_id
    from {{ ref("int_conversions__unioned") }}
    where record_type in ('order', 'booking')
),

-- An event is one journey's, so nothing is counted twice.
matched as (
    select
        matched.event_key,
        journeys.expected_amount,
        journeys.goods_amount,
        recorded.currency_code
    from {{ ref("int_journeys__matched") }} as matched
    inner join {{ ref("int_journeys__unioned") }} as journeys
        on matched.journey_id = journeys.journey_id
    inner join {{ ref("int_conversions__unioned") }} as recorded
        on matched.journey_id = recorded.journey_id
    where matched.event_key is not null and journeys.journey_type = 'order'
    qualify
        row_number() over (partition by matched.event_key order by recorded.conversion_id) = 1
),

compared as (
    select
        events.event_key,
        events.source,
        events.event_date,
        events.comparable_id,
        events.comparable_id is not null as has_id,
        ids.comparable_id is not null as is_id_known,
        coalesce(events.amount_local, 0) != 0 as has_value,
        matched.event_key is not null as is_matched,
        matched.expected_amount,
        events.amount / nullif(matched.expected_amount, 0) as factor,
        {{ is_same_amount(
            "events.amount", "matched.expected_amount", "matched.goods_amount", 0.02, 0.02
        ) }}
        or {{ is_same_amount(
            "events.gross_amount", "matched.expected_amount", "matched.goods_amount", 0.02, 0.02
        ) }} as is_value_same,
        events.currency_code = matched.currency_code as is_currency_same
    from events
    left join ids on events.comparable_id = ids.comparable_id
    left join matched on events.event_key = matched.event_key
),

final as (
    select
        event_key,
        source,
        event_date,
        comparable_id,
        has_id,
        is_id_known,
        has_value,
        is_currency_same,
        expected_amount,
        -- What is worth nothing, or was matched with nothing, is not compared.
        case when is_matched and has_value and expected_amount > 0 then is_value_same end
            as is_value_same,
        case
            when not (is_matched and expected_amount > 0) then null
            when not has_value then 'none'
            when is_value_same then 'same'
            when factor between 98 and 102 then 'hundredfold'
            when factor between 0.0098 and 0.0102 then 'hundredth'
            when factor > 1 then 'more'
            else 'less'
        end as factor
    from compared
)

select * from final
