{{ config(materialized="table") }}

-- Where every row of every stream went, by the day the stream counts it on. What landing offered
-- and landed is what the manifests say, what was superseded is counted where it gave way, what was
-- used is looked for in the marts: each part is counted on its own, so a lost row leaves a gap.
with counted as (
    select * from {{ ref("int_rows__counted") }}
),

streams as (
    select
        source,
        stream,
        has_money,
        is_witness
    from {{ source("trueup", "streams") }}
),

summed as (
    select
        source,
        stream,
        day,
        sum(row_count) filter (where part = 'offered') as offered_rows,
        sum(row_count) filter (where part = 'landed') as landed_rows,
        sum(row_count) filter (where part = 'used') as used_rows,
        sum(row_count) filter (where part = 'waiting') as waiting_rows,
        sum(row_count) filter (where part = 'set_aside') as set_aside_rows,
        sum(row_count) filter (where part = 'lost') as lost_rows,
        sum(row_count) filter (where part = 'superseded') as superseded_rows,
        sum(row_count) filter (where part = 'outside') as outside_rows,
        sum(money) filter (where part = 'offered') as offered_money,
        sum(money) filter (where part = 'landed') as landed_money,
        sum(money) filter (where part = 'used') as used_money,
        sum(money) filter (where part = 'waiting') as waiting_money,
        sum(money) filter (where part = 'set_aside') as set_aside_money,
        sum(money) filter (where part = 'lost') as lost_money,
        sum(money) filter (where part = 'superseded') as superseded_money,
        count(*) filter (where part = 'lost' and money is null) = 0 as is_lost_money_known
    from counted
    group by source, stream, day
),

reasons as (
    select
        source,
        stream,
        day,
        reason
    from {{ ref("fct_set_aside") }}
    where is_lost
    group by source, stream, day, reason
    qualify
        row_number() over (
            partition by source, stream, day
            order by sum(row_count) desc, sum(abs(amount_local)) desc, reason
        ) = 1
),

final as (
    select
        summed.source,
        summed.stream,
        summed.day,
        cast(coalesce(summed.offered_rows, 0) as bigint) as offered_rows,
        cast(coalesce(summed.landed_rows, 0) as bigint) as landed_rows,
        cast(coalesce(summed.used_rows, 0) as bigint) as used_rows,
        cast(coalesce(summed.waiting_rows, 0) as bigint) as waiting_rows,
        cast(coalesce(summed.set_aside_rows, 0) as bigint) as set_aside_rows,
        cast(coalesce(summed.lost_rows, 0) as bigint) as lost_rows,
        cast(coalesce(summed.superseded_rows, 0) as bigint) as superseded_rows,
        cast(coalesce(summed.outside_rows, 0) as bigint) as outside_rows,
        case
            when streams.has_money
                then cast(coalesce(summed.offered_money, 0) as decimal(38, 6))
        end as offered_money,
        case
            when streams.has_money
                then cast(coalesce(summed.landed_money, 0) as decimal(38, 6))
        end as landed_money,
        case
            when streams.has_money
                then cast(coalesce(summed.used_money, 0) as decimal(38, 6))
        end as used_money,
        case
            when streams.has_money
                then cast(coalesce(summed.waiting_money, 0) as decimal(38, 6))
        end as waiting_money,
        case
            when streams.has_money
                then cast(coalesce(summed.set_aside_money, 0) as decimal(38, 6))
        end as set_aside_money,
        case
            when streams.has_money and summed.is_lost_money_known
                then cast(coalesce(summed.lost_money, 0) as decimal(38, 6))
        end as lost_money,
        case
            when streams.has_money
                then cast(coalesce(summed.superseded_money, 0) as decimal(38, 6))
        end as superseded_money,
        coalesce(streams.is_witness, false) as is_witness,
        reasons.reason as top_reason
    from summed
    left join streams on summed.source = streams.source and summed.stream = streams.stream
    left join reasons
        on
            summed.source = reasons.source
            and summed.stream = reasons.stream
            and summed.day is not distinct from reasons.day
)

select * from final
