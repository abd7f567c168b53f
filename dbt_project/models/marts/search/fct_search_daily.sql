with searches as (
    select * from {{ ref("int_searches__classed") }}
),

conversions as (
    select * from {{ ref("int_searches__conversions") }}
),

-- A day that has landed and shows nothing of a page is none; of one that has not, nobody knows.
known_days as (
    select
        search_date,
        bool_or(not is_paid) as is_organic_known,
        bool_or(is_paid) as is_paid_known,
        bool_and(is_final) as is_final
    from searches
    group by search_date
),

-- What is unpaid lands days after what is paid: nobody has counted the days between.
newest as (
    select max(search_date) as search_date
    from searches
    where not is_paid
),

organic as (
    select
        search_date as report_date,
        query_class,
        page,
        sum(impressions) as impressions,
        sum(clicks) as clicks,
        -- Of the impressions whose place is known; added up exactly, in whatever order.
        {{ safe_ratio(
            "sum(cast(position * impressions as decimal(38, 6)))",
            "sum(case when position is not null then impressions end)"
        ) }} as position
    from searches
    where not is_paid
    group by search_date, query_class, page
),

paid as (
    select
        search_date as report_date,
        query_class,
        page,
        sum(impressions) as impressions,
        sum(clicks) as clicks,
        sum(spend_amount) as spend_amount,
        sum(claimed_conversions) as claimed_conversions
    from searches
    where is_paid
    group by search_date, query_class, page
),

converted as (
    select
        report_date,
        query_class,
        page,
        sum(case when not is_paid then conversions else 0 end) as organic_conversions,
        sum(case when is_paid then conversions else 0 end) as paid_conversions
    from conversions
    group by report_date, query_class, page
),

keys as (
    select
        report_date,
        query_class,
        page
    from organic
    union
    select
        report_date,
        query_class,
        page
    from paid
    union
    select
        report_date,
        query_class,
        page
    from converted
),

final as (
    select
        keys.report_date,
        keys.query_class,
        keys.page,
        cast(
            coalesce(organic.impressions, case when known_days.is_organic_known then 0 end)
            as bigint
        ) as organic_impressions,
        cast(
            coalesce(organic.clicks, case when known_days.is_organic_known then 0 end) as bigint
        ) as organic_clicks,
        cast(organic.position as decimal(18, 6)) as organic_position,
        cast(
            coalesce(paid.impressions, case when known_days.is_paid_known then 0 end) as bigint
        ) as paid_impressions,
        cast(
            coalesce(paid.clicks, case when known_days.is_paid_known then 0 end) as bigint
        ) as paid_clicks,
        -- What was spent and has no rate is unknown, and not nothing.
        cast(
            case
                when paid.report_date is not null then paid.spend_amount
                when known_days.is_paid_known then 0
            end as decimal(38, 6)
        ) as spend_amount,
        cast(
            coalesce(paid.claimed_conversions, case when known_days.is_paid_known then 0 end)
            as decimal(38, 6)
        ) as claimed_conversions,
        cast(coalesce(converted.organic_conversions, 0) as decimal(18, 6))
            as organic_conversions,
        cast(coalesce(converted.paid_conversions, 0) as decimal(18, 6)) as paid_conversions,
        {{ safe_ratio(
            "paid.clicks",
            "paid.clicks + coalesce(organic.clicks, case when known_days.is_organic_known then 0 end)"
        ) }} as paid_click_share,
        coalesce(known_days.is_final, true)
        and coalesce(keys.report_date <= newest.search_date, true) as is_final
    from keys
    cross join newest
    left join known_days on keys.report_date = known_days.search_date
    left join organic
        on
            keys.report_date = organic.report_date
            and keys.query_class = organic.query_class
            and keys.page = organic.page
    left join paid
        on
            keys.report_date = paid.report_date
            and keys.query_class = paid.query_class
            and keys.page = paid.page
    left join converted
        on
            keys.report_date = converted.report_date
            and keys.query_class = converted.query_class
            and keys.page = converted.page
)

select * from final
