-- The account's own total of what was validated on a day, with what amendments have moved to days
-- of their own. Its rows say how much the vendor counts, so that a sale that is missing among them
-- is a remainder.
with totals as (
    select
        advertiser_id as account_id,
        validation_date as ad_date,
        currency as currency_code,
        sum(confirmed_comm + bonus_comm) as amount_local,
        count(*) as _rows,
        max(_day) as _day,
        max(_load_id) as _load_id
    from {{ source("raw_awin", "validated_totals") }}
    group by all
),

moved as (
    select
        advertiser_id as account_id,
        event_date as ad_date,
        currency_code,
        sum(amount_local - reported_amount_local) as amount_local,
        max(stream) as stream,
        max(_day) as _day,
        max(_load_id) as _load_id
    from {{ ref("stg_awin__commission_events") }}
    group by all
    having sum(amount_local - reported_amount_local) != 0
),

final as (
    select
        'awin' as source,
        case when totals.account_id is null then moved.stream else 'validated_totals' end as stream,
        'awin' as platform,
        coalesce(totals.account_id, moved.account_id) as account_id,
        coalesce(totals.ad_date, moved.ad_date) as ad_date,
        coalesce(totals.currency_code, moved.currency_code) as currency_code,
        cast(null as bigint) as impressions,
        cast(null as bigint) as clicks,
        cast(coalesce(totals.amount_local, 0) + coalesce(moved.amount_local, 0) as decimal(38, 6))
            as spend_amount_local,
        cast(coalesce(totals._rows, 0) as bigint) as _rows,
        coalesce(totals._day, moved._day) as _day,
        coalesce(totals._load_id, moved._load_id) as _load_id
    from totals
    full outer join moved
        on
            totals.account_id = moved.account_id
            and totals.ad_date = moved.ad_date
            and totals.currency_code = moved.currency_code
)

select * from final
