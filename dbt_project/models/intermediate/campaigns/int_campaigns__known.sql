-- Every campaign anything speaks of. Those only facts know (deleted before the first snapshot,
-- or from files) have no name; entities never filter facts.
with listed as (
    select
        platform,
        account_id,
        campaign_id,
        campaign_name,
        campaign_type,
        status
    from {{ ref("int_campaigns__versions") }}
    where valid_to is null
),

seen as (
    select distinct
        platform,
        account_id,
        campaign_id
    from {{ ref("fct_ad_performance_daily") }}
    where campaign_id is not null
    union
    select distinct
        platform,
        account_id,
        campaign_id
    from {{ ref("int_claims__keys") }}
    where campaign_id is not null
),

-- Files bring the name on the row; the newest spelling counts.
named as (
    select
        platform,
        campaign_id,
        max_by(campaign_name, ad_date) as campaign_name
    from {{ ref("stg_files__ad_performance") }}
    where campaign_name is not null
    group by platform, campaign_id
),

final as (
    select * from listed
    union all
    select
        seen.platform,
        seen.account_id,
        seen.campaign_id,
        named.campaign_name,
        cast(null as varchar) as campaign_type,
        cast(null as varchar) as status
    from seen
    left join listed
        on seen.platform = listed.platform and seen.campaign_id = listed.campaign_id
    left join named
        on seen.platform = named.platform and seen.campaign_id = named.campaign_id
    where listed.campaign_id is null
)

select * from final
