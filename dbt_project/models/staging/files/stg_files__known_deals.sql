{{ config(materialized="table") }}

-- Deals with what keeps them from being used, where something does: a deal that a newer load has on
-- another day is that one.
with source as (
    select * from {{ source("raw_files", "deals") }}
),

statuses as (
    select
        said,
        meaning
    from {{ ref("stg_files__words") }}
    where used_for = 'deal_status'
),

final as (
    select
        source.feed,
        source.deal_id,
        'deal:' || source.feed || ':' || source.deal_id as record_id,
        source.won_at,
        source.won_date,
        statuses.meaning as state,
        source.amount_local,
        source.currency_code,
        source.goal,
        source.person_id_hmac,
        source._day,
        source._load_id,
        case
            when not {{ is_newest(["source.feed", "source.deal_id"]) }}
                then 'stands on another day in a newer load'
            when statuses.meaning is null then 'its status is none of won, lost, open'
        end as reason
    from source
    left join statuses on coalesce(source.status, '') = statuses.said
)

select * from final
