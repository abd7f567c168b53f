{{ config(materialized="table") }}

-- Every campaign anything speaks of. Those only facts, records and platforms' own links know
-- (deleted before they were first listed) have no name; entities never filter facts. A campaign
-- several accounts have stands once more under no account, for whoever names it alone.
with listed as (
    select
        platform,
        account_id,
        campaign_id,
        campaign_name,
        campaign_type,
        type_channel,
        status
    from {{ ref("int_campaigns__versions") }}
    where valid_to is null
),

accounts as (
    select
        platform,
        campaign_id,
        account_id
    from {{ ref("int_campaigns__accounts") }}
),

records as (
    select distinct
        platform,
        ad_account_id,
        campaign_id
    from {{ ref("shape_orders") }}
    union
    select distinct
        platform,
        ad_account_id,
        campaign_id
    from {{ ref("shape_leads") }}
    union
    select distinct
        platform,
        ad_account_id,
        campaign_id
    from {{ ref("shape_bookings") }}
    union
    select distinct
        platform,
        ad_account_id,
        campaign_id
    from {{ ref("shape_touches") }}
),

seen as (
    select
        platform,
        account_id,
        campaign_id
    from accounts
    union
    select
        platform,
        account_id,
        campaign_id
    from {{ ref("fct_ad_performance_daily") }}
    union
    select
        platform,
        account_id,
        campaign_id
    from {{ ref("int_claims__keys") }}
    where account_id is not null
    union
    select
        platform,
        account_id,
        campaign_id
    from {{ ref("int_clicks__identified") }}
    union
    select
        records.platform,
        coalesce(records.ad_account_id, accounts.account_id, '(unknown)') as account_id,
        records.campaign_id
    from records
    left join accounts
        on
            records.platform = accounts.platform
            and records.campaign_id = accounts.campaign_id
    where records.platform is not null
    union
    select
        platform,
        '(unknown)' as account_id,
        campaign_id
    from {{ ref("int_links__known") }}
    where match_method = 'link_id' and account_id is null and platform is not null
),

-- What the accounts agree on is known whichever it is.
agreed as (
    select
        platform,
        campaign_id,
        case when count(distinct campaign_name) = 1 then min(campaign_name) end as campaign_name,
        case when count(distinct campaign_type) = 1 then min(campaign_type) end as campaign_type,
        case when count(distinct type_channel) = 1 then min(type_channel) end as type_channel
    from listed
    group by platform, campaign_id
),

final as (
    select * from listed
    union all
    select
        seen.platform,
        seen.account_id,
        seen.campaign_id,
        agreed.campaign_name,
        agreed.campaign_type,
        agreed.type_channel,
        cast(null as {{ dbt.type_string() }}) as status
    from seen
    left join listed
        on
            seen.platform = listed.platform
            and seen.account_id = listed.account_id
            and seen.campaign_id = listed.campaign_id
    left join agreed
        on seen.platform = agreed.platform and seen.campaign_id = agreed.campaign_id
    where seen.campaign_id is not null and listed.campaign_id is null
)

select * from final
