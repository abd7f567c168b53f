{{ config(materialized="table") }}

-- The channel a campaign's spend belongs to: retargeting where the company says so, else that of a
-- rule which speaks of campaigns, else that of its type, else that of its visits.
with campaigns as (
    select
        {{ hash_key(["platform", "account_id", "campaign_id"]) }} as input_key,
        platform,
        account_id,
        campaign_id,
        campaign_name,
        campaign_type,
        type_channel
    from {{ ref("int_campaigns__known") }}
),

-- Spend is paid by definition: a rule for unpaid visits must not hide it.
rules as (
    select * from {{ source("company", "channel_rules") }}
    where is_paid
),

declared as (
    select * from {{ source("company", "retargeting") }}
),

parameters as (
    select
        parameter,
        preference,
        link_source,
        platform_pattern,
        medium
    from {{ ref("link_parameters") }}
),

referrers as (
    select * from {{ ref("int_referrers") }}
),

platforms as (
    select
        platforms.platform,
        platforms.link_source,
        platforms.click_id_kind,
        coalesce(parameters.medium, 'cpc') as medium
    from {{ source("trueup", "ad_platforms") }} as platforms
    left join parameters on platforms.click_id_kind = parameters.parameter
),

-- Files call a platform what they like.
names_of_files as (
    select distinct platform as name
    from campaigns
    where platform not in (select platforms.platform from platforms)
),

platforms_of_files as (
    {{ match_platform_names("names_of_files", "parameters") }}
),

-- One row for each kind of click id the platform's links carry: the first rule of any of them.
spoken as (
    select
        campaigns.input_key,
        coalesce(platforms.link_source, campaigns.platform) as source,
        coalesce(platforms.medium, 'cpc') as medium,
        coalesce(campaigns.campaign_name, '') as campaign_name,
        platforms.click_id_kind,
        campaigns.platform,
        campaigns.campaign_type,
        campaigns.type_channel,
        coalesce(platforms.link_source, platforms_of_files.link_source) as link_source,
        coalesce(platforms.medium, platforms_of_files.medium) as link_medium
    from campaigns
    left join platforms on campaigns.platform = platforms.platform
    left join platforms_of_files on campaigns.platform = platforms_of_files.name
),

-- A dozen platforms at most.
link_sources as (
    select distinct
        spoken.link_source,
        spoken.link_medium,
        referrers.kind,
        {{ default_channel("spoken.link_source", "spoken.link_medium", "''", "referrers.kind") }}
            as default_channel
    from spoken
    left join referrers on spoken.link_source = referrers.host
    where spoken.link_source is not null
),

standards as (
    select
        link_source,
        link_medium,
        {{ standard_channel("default_channel", "link_source", "link_medium", "kind") }} as channel
    from link_sources
),

inputs as (
    select
        spoken.input_key,
        spoken.source,
        spoken.medium,
        spoken.campaign_name,
        spoken.click_id_kind,
        spoken.platform,
        spoken.campaign_type,
        spoken.type_channel is not null as is_typed,
        case
            when spoken.type_channel is not null then spoken.type_channel
            when standards.channel != 'unassigned' then standards.channel
        end as standard_channel
    from spoken
    left join standards
        on spoken.link_source = standards.link_source and spoken.link_medium = standards.link_medium
),

matched as (
    {{ match_channel_rules("inputs", "rules") }}
),

-- An audience is an ad group's: a campaign is of it where all its ad groups that spend are.
audiences as (
    select
        spend.platform,
        spend.account_id,
        spend.campaign_id
    from {{ ref("fct_ad_performance_daily") }} as spend
    left join declared
        on
            spend.platform = declared.platform
            and spend.ad_group_id = declared.ad_group_id
    where spend.ad_group_id is not null
    group by spend.platform, spend.account_id, spend.campaign_id
    having count(*) = count(declared.ad_group_id)
),

retargeted as (
    {{ match_retargeting("campaigns", "declared") }}
    union
    select campaigns.input_key
    from campaigns
    inner join audiences
        on
            campaigns.platform = audiences.platform
            and campaigns.account_id = audiences.account_id
            and campaigns.campaign_id = audiences.campaign_id
),

final as (
    select
        campaigns.platform,
        campaigns.account_id,
        campaigns.campaign_id,
        campaigns.campaign_name,
        campaigns.campaign_type,
        case when retargeted.input_key is null then matched.channel else 'retargeting' end
            as channel
    from campaigns
    inner join matched on campaigns.input_key = matched.input_key
    left join retargeted on campaigns.input_key = retargeted.input_key
)

select * from final
