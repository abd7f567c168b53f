{{ config(materialized="table") }}

-- Every ad with the newest that is known of what it is and says. One that is no longer listed keeps
-- it; of one that only facts speak of there are its ids alone.
with listed as (
    select * from {{ ref("shape_ads") }}
),

accounts as (
    select
        platform,
        campaign_id,
        account_id
    from {{ ref("int_campaigns__accounts") }}
),

keyed as (
    select
        listed.*,
        coalesce(listed.account_id, accounts.account_id, '(unknown)') as owner_id
    from listed
    left join accounts
        on
            listed.platform = accounts.platform
            and listed.campaign_id = accounts.campaign_id
),

newest as (
    select
        {{ creative_key("platform", "owner_id", "ad_group_id", "ad_id") }} as creative_key,
        platform,
        owner_id as account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        ad_name,
        ad_type,
        asset_id,
        headline,
        description,
        landing_url,
        status
    from keyed
    qualify
        row_number() over (
            partition by platform, owner_id, ad_group_id, ad_id
            order by observed_at desc nulls last, _load_id desc, ad_name
        ) = 1
),

shown as (
    select
        creative_key,
        min(platform) as platform,
        min(account_id) as account_id,
        min(campaign_id) as campaign_id,
        min(ad_group_id) as ad_group_id,
        min(ad_id) as ad_id,
        min(case when impressions > 0 then report_date end) as first_impression_date,
        max(case when impressions > 0 then report_date end) as last_impression_date
    from {{ ref("int_creatives__days") }}
    group by creative_key
),

final as (
    select
        coalesce(newest.creative_key, shown.creative_key) as creative_key,
        coalesce(newest.platform, shown.platform) as platform,
        coalesce(newest.account_id, shown.account_id) as account_id,
        coalesce(newest.campaign_id, shown.campaign_id) as campaign_id,
        coalesce(newest.ad_group_id, shown.ad_group_id) as ad_group_id,
        coalesce(newest.ad_id, shown.ad_id) as ad_id,
        newest.creative_key is not null as is_listed,
        newest.ad_name,
        newest.ad_type,
        newest.asset_id,
        newest.headline,
        newest.description,
        {{ page_key(url_host("newest.landing_url"), url_path("newest.landing_url")) }}
            as page_key,
        newest.status,
        {{ plain_text("concat_ws(' | ', newest.ad_name, newest.headline, newest.description)") }}
            as message,
        shown.first_impression_date,
        shown.last_impression_date
    from newest
    full outer join shown on newest.creative_key = shown.creative_key
)

select * from final
