with pages as (
    select distinct
        page,
        topic
    from {{ ref("int_landing_pages") }}
),

visits as (
    select
        page,
        min(report_date) as first_visit_date,
        max(report_date) as last_visit_date
    from {{ ref("fct_landing_page_daily") }}
    where sessions > 0
    group by page
),

final as (
    select
        pages.page,
        case when pages.page != '(unknown)' then split_part(pages.page, '/', 1) end as host,
        case
            when pages.page != '(unknown)'
                then substring(pages.page, length(split_part(pages.page, '/', 1)) + 1)
        end as path,
        pages.topic,
        visits.first_visit_date,
        visits.last_visit_date
    from pages
    left join visits on pages.page = visits.page
)

select * from final
