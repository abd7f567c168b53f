-- Files bring a campaign's name on its rows: the newest spelling counts.
with named as (
    select
        feed,
        {{ spelt_platform("coalesce(platform, feed)") }} as platform,
        {{ spelt_account("coalesce(platform, feed)", "account_id") }} as account_id,
        {{ spelt_id("campaign_id") }} as campaign_id,
        campaign_name,
        ad_date,
        _day,
        _load_id
    from {{ source("raw_files", "ad_performance") }}
    where {{ spelt_id("campaign_id") }} is not null and campaign_name is not null
),

final as (
    select
        'files' as source,
        'ad_performance' as stream,
        platform,
        account_id,
        campaign_id,
        campaign_name,
        cast(null as {{ dbt.type_string() }}) as campaign_type,
        cast(null as {{ dbt.type_string() }}) as type_channel,
        cast(null as {{ dbt.type_string() }}) as status,
        cast(null as timestamptz) as observed_at,
        cast(0 as bigint) as _rows,
        _day,
        _load_id
    from named
    qualify
        row_number() over (
            partition by platform, account_id, campaign_id
            order by ad_date desc, feed, campaign_name
        ) = 1
)

select * from final
