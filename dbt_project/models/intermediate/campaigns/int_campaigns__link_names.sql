{{ config(
    materialized="incremental",
    incremental_strategy="delete+insert",
    unique_key=["platform", "alias"],
) }}

-- Links that carry a campaign's id beside a name tell what the name means where it comes alone. A
-- name two campaigns of a platform go by means neither, and has no campaign here. What reads
-- differently from before is marked with the build, for the models behind it.
with build as (
    select build_id from {{ source("trueup", "build") }}
),

ids as (
    select
        campaign_id,
        platform
    from {{ ref("int_campaigns__ids") }}
),

told as (
    select
        ids.platform,
        sessions.campaign_alias as alias,
        case when count(distinct ids.campaign_id) = 1 then min(ids.campaign_id) end as campaign_id
    from {{ ref("int_ga4__sessions") }} as sessions
    inner join ids on sessions.manual_campaign_id = ids.campaign_id
    where sessions.campaign_alias != ''
    group by ids.platform, sessions.campaign_alias
),

before as (
    {% if is_incremental() %}
        select
            platform,
            alias,
            campaign_id
        from {{ this }}
    {% else %}
        select * from told
        where false
    {% endif %}
),

final as (
    select
        coalesce(told.platform, before.platform) as platform,
        coalesce(told.alias, before.alias) as alias,
        told.campaign_id,
        build.build_id as changed_by_build_id
    from told
    full outer join before on told.platform = before.platform and told.alias = before.alias
    cross join build
    where before.alias is null or told.campaign_id is distinct from before.campaign_id
)

select * from final
