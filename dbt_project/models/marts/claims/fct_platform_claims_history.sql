{{ config(materialized="view") }}

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

final as (
    select
        versions.claim_version_key,
        versions.claim_key,
        keys.source,
        keys.stream,
        keys.platform,
        keys.account_id,
        keys.campaign_id,
        keys.ad_group_id,
        keys.ad_id,
        keys.action_id,
        keys.action_name,
        keys.definition_key,
        keys.date_basis,
        keys.attribution_model,
        keys.click_window_days,
        keys.view_window_days,
        keys.is_view_through,
        keys.is_modelled,
        keys.time_zone,
        versions.claim_date,
        versions.claimed_conversions,
        versions.claimed_amount_local,
        keys.currency_code,
        versions.load_id,
        versions.valid_from,
        versions.valid_to
    from versions
    inner join keys on versions.claim_key = keys.claim_key
)

select * from final
