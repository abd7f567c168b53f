{{ config(materialized="table") }}

-- Name, type and status of every campaign at each moment it was seen. A campaign that is no longer
-- listed keeps its last version: what was spent on it needs its name. The first version reaches
-- back to the beginning, because what was landed later happened earlier.
with settings as (
    select {{ day_start("history_start", "reporting_zone") }} as history_starts_at
    from {{ source("company", "settings") }}
),

listed as (
    select * from {{ ref("shape_campaigns") }}
),

accounts as (
    select
        platform,
        campaign_id,
        account_id
    from {{ ref("int_campaigns__accounts") }}
),

sightings as (
    select
        listed.platform,
        coalesce(listed.account_id, accounts.account_id, '(unknown)') as account_id,
        listed.campaign_id,
        listed.campaign_name,
        listed.campaign_type,
        listed.type_channel,
        listed.status,
        coalesce(listed.observed_at, settings.history_starts_at) as observed_at
    from listed
    cross join settings
    left join accounts
        on
            listed.platform = accounts.platform
            and listed.campaign_id = accounts.campaign_id
    -- At one moment a campaign has one name.
    qualify
        row_number() over (
            partition by
                listed.platform,
                coalesce(listed.account_id, accounts.account_id, '(unknown)'),
                listed.campaign_id,
                coalesce(listed.observed_at, settings.history_starts_at)
            order by listed._load_id desc, listed.campaign_name
        ) = 1
),

changes as (
    select
        *,
        {{ hash_key(["campaign_name", "campaign_type", "status"]) }} as content
    from sightings
    qualify
        content is distinct from lag(content) over (
            partition by platform, account_id, campaign_id order by observed_at
        )
),

ranked as (
    select
        *,
        row_number() over (
            partition by platform, account_id, campaign_id order by observed_at
        ) as place,
        lead(observed_at) over (
            partition by platform, account_id, campaign_id order by observed_at
        ) as valid_to
    from changes
),

final as (
    select
        ranked.platform,
        ranked.account_id,
        ranked.campaign_id,
        ranked.campaign_name,
        ranked.campaign_type,
        ranked.type_channel,
        ranked.status,
        case when ranked.place = 1 then settings.history_starts_at else ranked.observed_at end
            as valid_from,
        ranked.valid_to
    from ranked
    cross join settings
)

select * from final
