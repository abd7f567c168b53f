-- Ids a file does not have are null; a file that names no platform is one of its own. Rows of one
-- key, such as keywords of an ad, add up, however platform and ids are spelt. A report's word for
-- none is no id.
with source as (
    select
        feed,
        {{ spelt_platform("coalesce(platform, feed)") }} as platform,
        {{ spelt_account("coalesce(platform, feed)", "account_id") }} as account_id,
        {{ spelt_id("campaign_id") }} as campaign_id,
        {{ spelt_id("ad_group_id") }} as ad_group_id,
        {{ spelt_id("ad_id") }} as ad_id,
        campaign_name,
        ad_date,
        currency_code,
        impressions,
        clicks,
        spend_amount_local,
        _day,
        _load_id
    from {{ source("raw_files", "ad_performance") }}
),

final as (
    select
        'files' as source,
        'ad_performance' as stream,
        feed,
        'ad' as level,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        max(campaign_name) as campaign_name,
        ad_date,
        currency_code,
        cast(sum(coalesce(impressions, 0)) as bigint) as impressions,
        cast(sum(coalesce(clicks, 0)) as bigint) as clicks,
        cast(sum(spend_amount_local) as decimal(38, 6)) as spend_amount_local,
        count(*) as _rows,
        _day,
        max(_load_id) as _load_id
    from source
    group by
        feed,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        ad_date,
        currency_code,
        _day
)

select * from final
