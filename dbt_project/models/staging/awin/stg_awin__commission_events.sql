{{ config(materialized="table") }}

-- What each sale's commission comes to on the days it was validated and amended. A row says how
-- the sale stands when it is asked for, not how it stood on its day: what an amendment changed
-- after the approval is taken off the day of the approval. Each event moves the commission from
-- what it was to what it is from then on, so that all events of a sale add up to what it costs now.
-- An amendment into another currency takes all of it away in the first, and states it in the
-- second.
with transactions as (
    select * from {{ source("raw_awin", "transactions") }}
),

validations as (
    select * from {{ source("raw_awin", "validations") }}
),

amendments as (
    select * from {{ source("raw_awin", "amendments") }}
),

observed as (
    select
        'transactions' as stream,
        'unvalidated' as kind,
        -- An approved sale that names no day of its approval costs on the day it was made.
        transaction_date as event_date,
        advertiser_id,
        id,
        publisher_id,
        site_name,
        commission_status,
        commission_amount,
        old_commission_amount,
        commission_currency,
        coalesce(old_commission_currency, commission_currency) as old_commission_currency,
        validated_at,
        _load_id,
        _day
    from transactions
    union all
    select
        'validations' as stream,
        'validation' as kind,
        validation_date as event_date,
        advertiser_id,
        id,
        publisher_id,
        site_name,
        commission_status,
        commission_amount,
        old_commission_amount,
        commission_currency,
        coalesce(old_commission_currency, commission_currency) as old_commission_currency,
        validated_at,
        _load_id,
        _day
    from validations
    union all
    select
        'amendments' as stream,
        'amendment' as kind,
        amendment_date as event_date,
        advertiser_id,
        id,
        publisher_id,
        site_name,
        commission_status,
        commission_amount,
        old_commission_amount,
        commission_currency,
        coalesce(old_commission_currency, commission_currency) as old_commission_currency,
        validated_at,
        _load_id,
        _day
    from amendments
),

-- Load ids begin with the moment they were made.
newest as (
    select
        advertiser_id,
        id,
        commission_status,
        commission_currency,
        case commission_status when 'approved' then coalesce(commission_amount, 0) else 0 end
            as commission_amount
    from observed
    qualify
        row_number() over (
            partition by advertiser_id, id order by _load_id desc, stream desc
        ) = 1
),

validated as (
    select distinct
        advertiser_id,
        id
    from validations
),

events as (
    select observed.*
    from observed
    left join validated
        on observed.advertiser_id = validated.advertiser_id and observed.id = validated.id
    where
        observed.kind != 'unvalidated'
        or (
            observed.commission_status = 'approved'
            and observed.validated_at is null
            and validated.id is null
        )
),

-- On one day the amendment comes first: an approval may amend before it approves.
ordered as (
    select
        *,
        row_number() over sale = count(*) over (partition by advertiser_id, id) as is_last,
        count(*) filter (where kind != 'amendment') over (
            partition by advertiser_id, id
            order by event_date, kind, _load_id
            rows between unbounded preceding and current row
        ) > 0 as is_validated,
        lead(kind) over sale as next_kind,
        lead(old_commission_amount) over sale as next_old_amount,
        lead(old_commission_currency) over sale as next_old_currency
    from events
    window
        sale as (partition by advertiser_id, id order by event_date, kind, _load_id)
),

valued as (
    select
        ordered.*,
        case
            when ordered.is_last then newest.commission_currency
            when ordered.next_kind = 'amendment' and ordered.next_old_amount is not null
                then ordered.next_old_currency
            else ordered.commission_currency
        end as currency_after,
        cast(
            case
                when ordered.is_last and ordered.is_validated then newest.commission_amount
                when not ordered.is_validated then 0
                when
                    ordered.next_kind = 'amendment'
                    and newest.commission_status = 'approved'
                    then coalesce(ordered.next_old_amount, ordered.commission_amount)
                when ordered.commission_status = 'approved' then ordered.commission_amount
                else 0
            end as decimal(18, 6)
        ) as amount_after
    from ordered
    inner join newest
        on ordered.advertiser_id = newest.advertiser_id and ordered.id = newest.id
),

moved as (
    select
        *,
        coalesce(amount_after, 0) as amount,
        coalesce(lag(amount_after) over sale, 0) as previous_amount,
        lag(currency_after) over sale as previous_currency
    from valued
    window sale as (partition by advertiser_id, id order by event_date, kind, _load_id)
),

judged as (
    select
        *,
        previous_amount != 0
        and coalesce(previous_currency, '') != coalesce(currency_after, '') as is_exchanged
    from moved
),

unioned as (
    select
        *,
        currency_after as currency_code,
        case when is_exchanged then amount else amount - previous_amount end as amount_local,
        -- What the account's own total of the day has of it.
        case
            when kind = 'validation' and commission_status = 'approved'
                then coalesce(commission_amount, 0)
            else 0
        end as reported_amount_local,
        case stream when 'transactions' then 0 else 1 end as row_count
    from judged
    union all
    select
        *,
        previous_currency as currency_code,
        -previous_amount as amount_local,
        0 as reported_amount_local,
        0 as row_count
    from judged
    where is_exchanged
),

final as (
    select
        stream,
        kind,
        advertiser_id,
        id,
        publisher_id,
        site_name,
        event_date,
        currency_code,
        amount_local,
        reported_amount_local,
        commission_currency as reported_currency_code,
        cast(row_count as bigint) as _rows,
        _load_id,
        _day
    from unioned
)

select * from final
