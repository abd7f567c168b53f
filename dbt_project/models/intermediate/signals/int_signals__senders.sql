{{ config(materialized="table") }}

-- Pages before a visit, and what the events system calls the sources of visits, that send nobody:
-- the company's own, and those on which its visitors pay.
with names as (
    select distinct foreign_host as name
    from {{ ref("int_sessions") }}
    where foreign_host is not null
    union
    select distinct foreign_host as name
    from {{ ref("int_touches__from_files") }}
    where foreign_host is not null
    union
    select distinct lower(session_source) as name
    from {{ ref("int_sessions") }}
    where session_medium = 'referral'
),

referrers as (
    select * from {{ ref("int_referrers") }}
),

known as (
    {{ match_referrers("names", "referrers") }}
),

own_hosts as (
    select host from {{ ref("int_hosts__own") }}
),

own as (
    select distinct names.name
    from names
    inner join own_hosts
        on names.name = own_hosts.host or names.name like '%.' || own_hosts.host
),

final as (
    select
        names.name,
        own.name is not null as is_own,
        coalesce(known.kind, '') = 'payment' as is_payment
    from names
    left join own on names.name = own.name
    left join known on names.name = known.name
    where own.name is not null or known.kind = 'payment'
)

select * from final
