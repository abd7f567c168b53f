{{ config(severity="warn", meta={"runbook": "docs/runbook.md#scale"}) }}

-- Conversions in one currency are a hundred times, or a hundredth of, those in the source's others.
-- Yen and won have no hundredths, dinars have thousandths: clients that read every currency alike
-- are wrong by as much in these, and have been from the first day on.
with conversions as (
    select
        source,
        record_type,
        currency_code,
        conversion_date,
        gross_amount
    from {{ ref("fct_conversions") }}
    where gross_amount > 0 and currency_code is not null
),

currencies as (
    select
        source,
        record_type,
        currency_code,
        count(*) as conversion_count,
        min(conversion_date) as first_date,
        median(gross_amount) as usual_amount
    from conversions
    group by source, record_type, currency_code
    having count(*) >= 5
),

-- The currency with most conversions is the one that the others are held against.
usual as (
    select *
    from currencies
    qualify
        row_number() over (
            partition by source, record_type order by conversion_count desc, currency_code
        ) = 1
),

compared as (
    select
        currencies.source,
        currencies.record_type,
        currencies.currency_code,
        currencies.conversion_count,
        currencies.first_date,
        usual.currency_code as usual_currency_code,
        currencies.usual_amount / usual.usual_amount as times
    from currencies
    inner join usual
        on
            currencies.source = usual.source
            and currencies.record_type = usual.record_type
            and currencies.currency_code != usual.currency_code
)

select
    source || ' ' || record_type || ' ' || currency_code as segment,
    first_date as since_date,
    conversion_count as affected_rows,
    case when times > 1 then 'about 100 times' else 'about 1/100 of' end
    || ' those in ' || usual_currency_code || ': hundredths read as units, or the other way round?'
        as observed
from compared
where times between 30 and 330 or times between 0.003 and 0.033
