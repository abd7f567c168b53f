-- The accounts (of files: the feeds) that lack a day others have: for each platform, and over all
-- of them, where the platform is null.
with missing as (
    select
        source,
        account_id,
        first_date,
        last_date
    from {{ ref("fct_missing_days") }}
),

lacking as (
    select distinct
        missing.source,
        missing.account_id,
        days.date_day as report_date
    from missing
    inner join {{ ref("int_dates__spined") }} as days
        on missing.first_date <= days.date_day and missing.last_date >= days.date_day
),

platforms as (
    select distinct
        source,
        platform
    from {{ ref("shape_ad_performance") }}
    union
    select distinct
        source,
        platform
    from {{ ref("int_claims__keys") }}
),

named as (
    select distinct
        lacking.report_date,
        platforms.platform,
        lacking.source || ' ' || lacking.account_id as account
    from lacking
    inner join platforms on lacking.source = platforms.source
    union
    select distinct
        report_date,
        cast(null as {{ dbt.type_string() }}) as platform,
        source || ' ' || account_id as account
    from lacking
),

final as (
    select
        report_date,
        platform,
        string_agg(account, ', ' order by account) as missing_accounts
    from named
    group by report_date, platform
)

select * from final
