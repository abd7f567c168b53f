{{ config(materialized="table") }}

-- The channel a campaign's spend belongs to, by the same rules as its visits.
with campaigns as (
    select
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

inputs as (
    select
        {{ hash_key(["platform", "account_id", "campaign_id"]) }} as input_key,
        case platform
            when 'google_ads' then 'google'
            when 'meta_ads' then 'facebook'
            else platform
        end as source,
        'cpc' as medium,
        coalesce(campaign_name, '') as campaign_name,
        case platform when 'google_ads' then 'gclid' when 'meta_ads' then 'fbclid' end
            as click_id_kind,
        platform,
        campaign_type
    from campaigns
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
    inner join matched
        on
            {{ hash_key(["campaigns.platform", "campaigns.account_id", "campaigns.campaign_id"]) }}
            = matched.input_key
)

select * from final
