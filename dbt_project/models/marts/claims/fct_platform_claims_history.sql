{{ config(materialized="view") }}

-- A claim that names no account belongs to the one that has its campaign.
with versions as (
    select
        claim_version_key,
        claim_key,
        claim_date,
        load_id,
        claimed_conversions,
        claimed_amount_local,
        valid_from,
        valid_to
    from {{ ref("int_claims__versions") }}
),

keys as (
    select * from {{ ref("int_claims__keys") }}
),

campaign_accounts as (
    select
        platform,
        campaign_id,
        account_id
    from {{ ref("int_campaigns__accounts") }}
),

platform_accounts as (
    select
        platform,
        account_id
    from {{ ref("int_platforms__accounts") }}
),

-- The company file says in which zone an account's days are; where it does not, the claim does.
zones as (
    select
        source,
        account_id,
        time_zone
    from {{ source("company", "accounts") }}
),

placed as (
    select
        keys.*,
        coalesce(
            keys.account_id,
            campaign_accounts.account_id,
            case when keys.campaign_id is null then platform_accounts.account_id end,
            '(unknown)'
        ) as known_account_id,
        coalesce(zones.time_zone, keys.time_zone) as known_time_zone
    from keys
    left join campaign_accounts
        on
            keys.platform = campaign_accounts.platform
            and keys.campaign_id = campaign_accounts.campaign_id
    left join platform_accounts on keys.platform = platform_accounts.platform
    left join zones on keys.source = zones.source and keys.account_id = zones.account_id
),

-- Made once for each claim: it has a version for every day and change.
known as (
    select
        *,
        {{ hash_key([
            "platform",
            "date_basis",
            "attribution_model",
            "click_window_days",
            "view_window_days",
            "is_view_through",
            "is_modelled",
            "currency_code",
            "known_time_zone",
        ]) }} as definition_key
    from placed
),

final as (
    select
        versions.claim_version_key,
        versions.claim_key,
        known.source,
        known.stream,
        known.feed,
        known.platform,
        known.known_account_id as account_id,
        known.campaign_id,
        known.ad_group_id,
        known.ad_id,
        known.action_key,
        known.action_id,
        known.action_name,
        known.definition_key,
        known.date_basis,
        known.attribution_model,
        known.click_window_days,
        known.view_window_days,
        known.is_view_through,
        known.is_modelled,
        known.known_time_zone as time_zone,
        versions.claim_date,
        versions.claimed_conversions,
        versions.claimed_amount_local,
        known.currency_code,
        versions.load_id,
        versions.valid_from,
        versions.valid_to
    from versions
    inner join known on versions.claim_key = known.claim_key
)

select * from final
