{{ config(materialized="table") }}

-- Every row of searches by what was searched for: the company itself or something else, where the
-- query is shown and the company file says what the company is called.
with searches as (
    select * from {{ ref("shape_search_performance") }}
),

brand_terms as (
    select pattern from {{ source("company", "brand_terms") }}
),

settings as (
    select
        settings.reporting_currency,
        (select count(*) from brand_terms) > 0 as has_brand_terms
    from {{ source("company", "settings") }} as settings
),

rates as (
    select
        date_day,
        currency_code,
        units_local,
        units_reporting
    from {{ ref("int_exchange_rates__carried") }}
),

queries as (
    select distinct query
    from searches
    where query is not null
),

of_brand as (
    select distinct queries.query
    from queries
    inner join brand_terms
        on regexp_matches({{ plain_text("queries.query") }}, brand_terms.pattern)
),

-- Pages are few, and read of an address by regular expressions.
addresses as (
    select distinct page
    from searches
    where page is not null
),

pages as (
    select
        page,
        {{ page_key(url_host("page"), url_path("page")) }} as page_key
    from addresses
),

final as (
    select
        searches.source,
        searches.stream,
        searches.account_id,
        searches.campaign_id,
        searches.is_paid,
        searches.search_date,
        case
            when searches.is_anonymised then 'anonymised'
            when not settings.has_brand_terms then 'unknown'
            when of_brand.query is not null then 'brand'
            else 'non_brand'
        end as query_class,
        coalesce(pages.page_key, '(unknown)') as page,
        searches.is_final,
        searches.impressions,
        searches.clicks,
        searches.position,
        searches.currency_code,
        searches.spend_amount_local,
        -- Nothing spent is nothing in any currency, also in one without a rate.
        cast(
            case
                when searches.currency_code = settings.reporting_currency
                    then searches.spend_amount_local
                when searches.spend_amount_local = 0 then 0
                else {{ convert_amount(
                    "searches.spend_amount_local", "rates.units_local", "rates.units_reporting"
                ) }}
            end as decimal(38, 6)
        ) as spend_amount,
        searches.claimed_conversions,
        searches._rows,
        searches._day,
        searches._load_id
    from searches
    cross join settings
    left join of_brand on searches.query = of_brand.query
    left join pages on searches.page = pages.page
    left join rates
        on
            searches.search_date = rates.date_day
            and searches.currency_code = rates.currency_code
)

select * from final
