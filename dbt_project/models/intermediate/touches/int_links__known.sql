{{ config(materialized="table") }}

-- What a link says by itself: the campaign behind an id or a record's own word, and the channel of
-- the first rule that holds, else the standard one. `spoken_platform` is the ad platform it names,
-- for campaigns named without id.
with links as (
    select * from {{ ref("int_links") }}
),

ids as (
    select * from {{ ref("int_campaigns__ids") }}
),

accounts as (
    select * from {{ ref("int_campaigns__accounts") }}
),

rules as (
    select * from {{ source("company", "channel_rules") }}
),

declared as (
    select * from {{ source("company", "retargeting") }}
),

parameters as (
    select
        link_source,
        platform_pattern
    from {{ ref("link_parameters") }}
    where platform_pattern is not null
),

platforms as (
    select distinct
        platform,
        source_pattern
    from {{ source("trueup", "ad_platforms") }}
),

-- Files call a platform what they like: one that sounds like the click's is the click's.
names_of_files as (
    select
        parameters.link_source,
        min(accounts.platform) as platform
    from accounts
    inner join parameters on {{ matches_fully("accounts.platform", "parameters.platform_pattern") }}
    where accounts.platform not in (select platforms.platform from platforms)
    group by parameters.link_source
    having count(distinct accounts.platform) = 1
),

clicked as (
    select
        links.*,
        coalesce(links.click_platform, names_of_files.platform) as clicked_platform
    from links
    left join names_of_files on links.click_source = names_of_files.link_source
),

-- An id the platform wrote into the link itself is a campaign of it, known or not.
identified as (
    select
        links.*,
        case
            when ids.campaign_id is not null then ids.platform
            else coalesce(links.record_platform, links.clicked_platform)
        end as platform,
        coalesce(
            ids.campaign_id,
            case
                when links.is_platforms_id and links.clicked_platform is not null
                    then links.link_campaign_id
            end,
            links.record_campaign_id
        ) as campaign_id,
        case
            when ids.campaign_id is not null then ids.account_id
            when links.record_campaign_id is not null
                then coalesce(links.record_account_id, accounts.account_id)
        end as account_id,
        case
            when ids.campaign_id = links.link_campaign_id then 'link_id'
            when links.is_platforms_id and links.clicked_platform is not null then 'link_id'
            when links.record_campaign_id is not null then 'record_id'
        end as match_method
    from clicked as links
    left join ids
        on
            coalesce(
                links.link_campaign_id,
                case when links.record_platform is null then links.record_campaign_id end
            ) = ids.campaign_id
    left join accounts
        on
            links.record_platform = accounts.platform
            and links.record_campaign_id = accounts.campaign_id
),

inputs as (
    select
        link_key as input_key,
        source,
        medium,
        coalesce(campaign_name, '') as campaign_name,
        click_id_kind,
        platform,
        cast(null as {{ dbt.type_string() }}) as campaign_type,
        false as is_typed,
        standard_channel
    from identified
),

ruled as (
    {{ match_channel_rules("inputs", "rules") }}
),

spoken as (
    {{ match_ad_platforms("inputs", "platforms") }}
),

named as (
    select
        identified.link_key as input_key,
        coalesce(identified.platform, spoken.platform) as platform,
        coalesce(identified.campaign_id, identified.link_campaign_id) as campaign_id,
        identified.campaign_name
    from identified
    inner join spoken on identified.link_key = spoken.input_key
),

-- Newsletters are called like the campaigns they go with.
retargeted as (
    select matched.input_key
    from ({{ match_retargeting("named", "declared") }}) as matched
    inner join ruled on matched.input_key = ruled.input_key
    where ruled.is_paid
),

final as (
    select
        identified.link_key,
        identified.source,
        identified.medium,
        identified.campaign_name,
        identified.campaign_alias,
        identified.platform,
        identified.account_id,
        identified.campaign_id,
        identified.match_method,
        coalesce(identified.platform, spoken.platform) as spoken_platform,
        identified.source_kind,
        identified.default_channel,
        case when retargeted.input_key is null then ruled.channel else 'retargeting' end
            as channel,
        ruled.is_paid
    from identified
    inner join ruled on identified.link_key = ruled.input_key
    left join retargeted on identified.link_key = retargeted.input_key
    inner join spoken on identified.link_key = spoken.input_key
)

select * from final
