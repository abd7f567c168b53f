{{ config(materialized="table") }}

-- Rows of spend of every level, by whether the mart has them: an ad's row as itself, a campaign's
-- or an account's in the rows it is made of. A row nobody can convert is set aside.
with mart as (
    select
        *,
        spend_amount is not null as is_converted
    from {{ ref("fct_ad_performance_daily") }}
),

levels as (
    select
        'ad' as level,
        source,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        ad_date,
        currency_code,
        is_converted
    from mart
    where allocation = 'ad'
    union all
    select
        'campaign' as level,
        source,
        platform,
        account_id,
        campaign_id,
        null as ad_group_id,
        null as ad_id,
        ad_date,
        currency_code,
        is_converted
    from mart
    union all
    select
        'account' as level,
        source,
        platform,
        account_id,
        null as campaign_id,
        null as ad_group_id,
        null as ad_id,
        ad_date,
        currency_code,
        is_converted
    from mart
),

-- A row without an account is looked for in any.
in_any_account as (
    select * from levels
    union all
    select
        level,
        source,
        platform,
        null as account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        ad_date,
        currency_code,
        is_converted
    from levels
),

found as (
    select
        {{ spend_columns() | join(", ") }},
        bool_and(is_converted) as is_converted
    from in_any_account
    group by {{ spend_columns() | join(", ") }}
),

reported as (
    select
        stream,
        _day as day,
        _rows,
        level,
        source,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        ad_date,
        currency_code,
        impressions,
        clicks,
        spend_amount_local
    from {{ ref("shape_ad_performance") }}
    union all
    select
        stream,
        _day as day,
        _rows,
        'account' as level,
        source,
        platform,
        account_id,
        null as campaign_id,
        null as ad_group_id,
        null as ad_id,
        ad_date,
        currency_code,
        impressions,
        clicks,
        spend_amount_local
    from {{ ref("shape_account_spend") }}
),

totalled as (
    select
        *,
        -- A total of nothing leaves no row of its own.
        level != 'ad'
        and coalesce(impressions, 0) = 0
        and coalesce(clicks, 0) = 0
        and spend_amount_local = 0 as is_empty_total
    from reported
),

final as (
    select
        totalled.source,
        totalled.stream,
        totalled.day,
        totalled.is_empty_total
        or (
            found.is_converted is not null
            and (found.is_converted or totalled.spend_amount_local = 0)
        ) as is_used,
        sum(totalled._rows) as row_count,
        sum(totalled.spend_amount_local) as money
    from totalled
    left join found on {{ same_columns("totalled", "found", spend_columns()) }}
    group by all
)

select * from final
