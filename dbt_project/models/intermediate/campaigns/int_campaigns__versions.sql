{{ config(
    materialized="incremental",
    incremental_strategy="delete+insert",
    unique_key="version_key",
) }}

-- Name, type and status of every campaign as each snapshot told them. A campaign a snapshot no
-- longer lists keeps its last version: what was spent on it needs its name. The first version
-- reaches back to the beginning, because what was landed later happened before.
with new_loads as (
    select load_id from {{ source("trueup", "new_loads") }}
),

settings as (
    select {{ day_start("history_start", "reporting_zone") }} as history_starts_at
    from {{ source("company", "settings") }}
),

landed as (
    select
        platform,
        account_id,
        campaign_id,
        campaign_name,
        campaign_type,
        status,
        committed_at as seen_at,
        _load_id
    from {{ ref("stg_google_ads__campaigns") }}
    union all
    select
        platform,
        account_id,
        campaign_id,
        campaign_name,
        campaign_type,
        status,
        committed_at as seen_at,
        _load_id
    from {{ ref("stg_meta_ads__campaigns") }}
),

-- The version that was open before the new loads, also when a killed build already closed it.
sightings as (
    select
        *,
        false as is_first_known
    from landed
    {% if is_incremental() %}
        union all
        select
            platform,
            account_id,
            campaign_id,
            campaign_name,
            campaign_type,
            status,
            valid_from as seen_at,
            _load_id,
            true as is_first_known
        from {{ this }}
        where
            _load_id not in (select load_id from new_loads)
            and (valid_to is null or closed_by_load_id in (select load_id from new_loads))
    {% endif %}
),

changes as (
    select
        *,
        row_number() over (
            partition by platform, account_id, campaign_id
            order by is_first_known desc, seen_at, _load_id
        ) = 1 as is_first,
        {{ hash_key(["campaign_name", "campaign_type", "status"]) }} as content
    from sightings
    qualify
        content is distinct from lag(content) over (
            partition by platform, account_id, campaign_id
            order by is_first_known desc, seen_at, _load_id
        )
),

final as (
    select
        {{ hash_key(
            ["changes.platform", "changes.account_id", "changes.campaign_id", "changes._load_id"]
        ) }} as version_key,
        changes.platform,
        changes.account_id,
        changes.campaign_id,
        changes.campaign_name,
        changes.campaign_type,
        changes.status,
        case
            when changes.is_first and not changes.is_first_known then settings.history_starts_at
            else changes.seen_at
        end as valid_from,
        lead(changes.seen_at) over (
            partition by changes.platform, changes.account_id, changes.campaign_id
            order by changes.is_first_known desc, changes.seen_at, changes._load_id
        ) as valid_to,
        lead(changes._load_id) over (
            partition by changes.platform, changes.account_id, changes.campaign_id
            order by changes.is_first_known desc, changes.seen_at, changes._load_id
        ) as closed_by_load_id,
        changes._load_id
    from changes
    cross join settings
)

select * from final
