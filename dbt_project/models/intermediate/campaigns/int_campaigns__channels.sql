{{ config(materialized="table") }}

-- The channel a campaign's spend belongs to, by the same rules as its visits.
with campaigns as (
    select
        {{ hash_key(["platform", "account_id", "campaign_id"]) }} as input_key,
        platform,
        account_id,
        campaign_id,
        campaign_name,
        campaign_type
    from {{ ref("int_campaigns__known") }}
),

-- Spend is paid by definition: a rule for unpaid visits must not hide it.
rules as (
    select * from {{ source("company", "channel_rules") }}
    where is_paid
),

platforms as (
    select
        platform,
        link_source,
        click_id_kind
    from {{ source("trueup", "ad_platforms") }}
),

-- One row for each kind of click id the platform's links carry: the first rule of any of them.
inputs as (
    select
        campaigns.input_key,
        coalesce(platforms.link_source, campaigns.platform) as source,
        'cpc' as medium,
        coalesce(campaigns.campaign_name, '') as campaign_name,
        platforms.click_id_kind,
        campaigns.platform,
        campaigns.campaign_type
    from campaigns
    left join platforms on campaigns.platform = platforms.platform
),

matched as (
    {{ match_channel_rules("inputs", "rules") }}
),

final as (
    select
        campaigns.platform,
        campaigns.account_id,
        campaigns.campaign_id,
        campaigns.campaign_name,
        matched.channel
    from campaigns
    inner join matched on campaigns.input_key = matched.input_key
)

select * from final
