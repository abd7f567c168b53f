-- The account's own total of what was validated on a day, with what amendments have moved to days
-- of their own. Its rows say how much the vendor counts, so that a sale that is missing among them
-- is a remainder. The totals are in the account's currency: where a commission of the day is in
-- another, they hold it converted, and nothing can be held against them; what its rows come to
-- stands then.
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

-- What a sale costs may be in another currency than what the total of its day has of it.
movements as (
    select
        advertiser_id,
        event_date,
        currency_code,
        amount_local,
        0 as reported_amount_local,
        stream,
        _day,
        _load_id
    from {{ ref("stg_awin__commission_events") }}
    union all
    select
        advertiser_id,
        event_date,
        reported_currency_code as currency_code,
        0 as amount_local,
        reported_amount_local,
        stream,
        _day,
        _load_id
    from {{ ref("stg_awin__commission_events") }}
    where reported_amount_local != 0
),

commissions as (
    select
        advertiser_id as account_id,
        event_date as ad_date,
        currency_code,
        sum(amount_local) as amount_local,
        sum(reported_amount_local) as reported_amount_local,
        max(stream) as stream,
        max(_day) as _day,
        max(_load_id) as _load_id
    from movements
    group by advertiser_id, event_date, currency_code
),

mixed_days as (
    select distinct
        commissions.account_id,
        commissions.ad_date
    from commissions
    inner join totals
        on
            commissions.account_id = totals.account_id
            and commissions.ad_date = totals.ad_date
    left join totals as of_currency
        on
            commissions.account_id = of_currency.account_id
            and commissions.ad_date = of_currency.ad_date
            and commissions.currency_code = of_currency.currency_code
    where
        commissions.reported_amount_local != 0
        and commissions.currency_code is not null
        and of_currency.account_id is null
),

joined as (
    select
        totals.account_id is not null as has_total,
        commissions.stream,
        coalesce(totals.account_id, commissions.account_id) as account_id,
        coalesce(totals.ad_date, commissions.ad_date) as ad_date,
        coalesce(totals.currency_code, commissions.currency_code) as currency_code,
        coalesce(totals.amount_local, 0) as total_amount_local,
        coalesce(commissions.amount_local, 0) as amount_local,
        coalesce(commissions.amount_local - commissions.reported_amount_local, 0)
            as moved_amount_local,
        coalesce(totals._rows, 0) as _rows,
        coalesce(totals._day, commissions._day) as _day,
        coalesce(totals._load_id, commissions._load_id) as _load_id
    from totals
    full outer join commissions
        on
            totals.account_id = commissions.account_id
            and totals.ad_date = commissions.ad_date
            and totals.currency_code = commissions.currency_code
),

final as (
    select
        'awin' as source,
        case when joined.has_total then 'validated_totals' else joined.stream end as stream,
        'awin' as platform,
        joined.account_id,
        joined.ad_date,
        joined.currency_code,
        cast(null as bigint) as impressions,
        cast(null as bigint) as clicks,
        cast(
            case
                when mixed_days.account_id is not null then joined.amount_local
                else joined.total_amount_local + joined.moved_amount_local
            end as decimal(38, 6)
        ) as spend_amount_local,
        cast(joined._rows as bigint) as _rows,
        joined._day,
        joined._load_id
    from joined
    left join mixed_days
        on joined.account_id = mixed_days.account_id and joined.ad_date = mixed_days.ad_date
    where
        joined.has_total
        or case
            when mixed_days.account_id is not null then joined.amount_local != 0
            else joined.moved_amount_local != 0
        end
)

select * from final
