-- Deals as a file lists them, each with the day it was won, lost or entered.
with source as (
    select * from {{ ref("stg_files__known_deals") }}
    where reason is null
),

settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

selectors as (
    select
        feed,
        selector
    from {{ ref("stg_files__selectors") }}
    where stream = 'deals'
),

leads as (
    select
        feed,
        record_number,
        lead_record_id
    from {{ ref("stg_files__leads_of_records") }}
    where stream = 'deals'
),

final as (
    select
        'files' as source,
        'deals' as stream,
        source.feed as account_id,
        source.record_id,
        leads.lead_record_id as journey_key,
        coalesce(
            source.won_at, {{ day_start("source.won_date", "settings.reporting_zone") }}
        ) as created_at,
        source.won_at is not null as is_time_known,
        cast(source.amount_local as decimal(18, 6)) as amount_local,
        source.currency_code,
        selectors.selector,
        source.goal,
        source.person_id_hmac as customer_key,
        cast(null as timestamptz) as deleted_at,
        cast(1 as bigint) as _rows,
        source._day,
        source._load_id
    from source
    cross join settings
    left join selectors on source.feed = selectors.feed
    left join leads
        on source.feed = leads.feed and source.deal_id = leads.record_number
)

select * from final
