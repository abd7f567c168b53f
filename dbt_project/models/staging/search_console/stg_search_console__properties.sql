-- The days of each property, and the wider property that has the same searches on that day: a
-- domain has every address and subdomain of it, a prefix every address that begins with it. Both
-- land where the company went from one to the other.
with days as (
    select distinct
        site_url,
        search_type,
        search_date
    from {{ source("raw_search_console", "performance") }}
),

properties as (
    select distinct
        site_url,
        starts_with(site_url, 'sc-domain:') as is_domain,
        regexp_extract(lower(site_url), '^(?:sc-domain:|[a-z]+://)([^/:]+)', 1) as host
    from days
),

within as (
    select
        inner_ones.site_url,
        wider.site_url as wider_site_url
    from properties as inner_ones
    inner join properties as wider
        on
            inner_ones.site_url != wider.site_url
            and case
                when wider.is_domain
                    then
                        inner_ones.host = wider.host
                        or ends_with(inner_ones.host, '.' || wider.host)
                else starts_with(inner_ones.site_url, wider.site_url)
            end
),

final as (
    select
        days.site_url,
        days.search_type,
        days.search_date,
        min(wider_days.site_url) as counted_in
    from days
    left join within on days.site_url = within.site_url
    left join days as wider_days
        on
            within.wider_site_url = wider_days.site_url
            and days.search_type = wider_days.search_type
            and days.search_date = wider_days.search_date
    group by days.site_url, days.search_type, days.search_date
)

select * from final
