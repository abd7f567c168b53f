-- Rates that convert nothing, and why.
with published as (
    select
        source,
        rate_date,
        currency_code
    from {{ ref("int_exchange_rates__published") }}
),

final as (
    select
        rates.source,
        rates.stream,
        rates._day as day,
        rates.currency_code as record_id,
        case
            when rates.units_per_base > 0 then 'another source quotes the currency on that day'
            else 'the rate is not above zero'
        end as reason,
        'unknown' as kind,
        rates.currency_code,
        cast(null as decimal(18, 6)) as amount_local,
        rates._load_id,
        rates._rows as set_aside_rows
    from {{ ref("shape_rates") }} as rates
    left join published
        on
            rates.source = published.source
            and rates.rate_date = published.rate_date
            and rates.currency_code = published.currency_code
    where published.currency_code is null
)

select * from final
