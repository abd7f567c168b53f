-- Files bring what an ad says on its rows of performance: the newest that says something counts.
with source as (
    select
        feed,
        {{ spelt_platform("coalesce(platform, feed)") }} as platform,
        {{ spelt_account("coalesce(platform, feed)", "account_id") }} as account_id,
        {{ spelt_id("campaign_id") }} as campaign_id,
        {{ spelt_id("ad_group_id") }} as ad_group_id,
        {{ spelt_id("ad_id") }} as ad_id,
        ad_name,
        ad_type,
        asset_id,
        headline,
        description,
        landing_url,
        ad_date,
        _day,
        _load_id
    from {{ source("raw_files", "ad_performance") }}
    where coalesce(ad_name, headline, description, landing_url) is not null
),

final as (
    select
        'files' as source,
        'ad_performance' as stream,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        ad_name,
        ad_type,
        asset_id,
        headline,
        description,
        landing_url,
        cast(null as {{ dbt.type_string() }}) as status,
        cast(null as timestamptz) as observed_at,
        cast(0 as bigint) as _rows,
        _day,
        _load_id
    from source
    where ad_id is not null
    qualify
        row_number() over (
            partition by platform, account_id, ad_group_id, ad_id
            order by ad_date desc, feed, ad_name, headline
        ) = 1
)

select * from final
