{{ config(materialized="table") }}

-- Hosts of the company: those its file names, and those its visitors were seen on, because what it
-- measures is its own. A page known to send visits is not, even where it shows the company's pages
-- as its own (a search engine's copy).
with landings as (
    select distinct landing_host as host
    from {{ ref("int_sessions") }}
    union
    select distinct landing_host as host
    from {{ ref("int_touches__from_records") }}
    union
    select distinct landing_host as host
    from {{ ref("int_touches__from_files") }}
),

referrers as (
    select * from {{ ref("int_referrers") }}
),

names as (
    select host as name
    from landings
    where host is not null
),

known as (
    {{ match_referrers("names", "referrers") }}
),

final as (
    select host
    from {{ source("company", "own_hosts") }}
    union
    select name as host
    from names
    where name not in (select known.name from known)
)

select * from final
