{{ config(materialized="table") }}

-- Claims of every load the mart has not seen yet, with the account the load was about. Rows that
-- differ in nothing that is kept add up; one that says zero is no claim.
with new_loads as (
    select
        load_id,
        account,
        committed_at
    from {{ source("trueup", "new_loads") }}
),

claims as (
    select
        *,
        {{ claim_key() }} as claim_key,
        {{ hash_key(["source", "feed", "platform", "account_id", "action_id"]) }} as action_key
    from {{ ref("shape_claims") }}
    where
        _load_id in (select load_id from new_loads)
        and (claimed_conversions != 0 or coalesce(claimed_amount_local, 0) != 0)
),

final as (
    select
        claims.claim_key,
        claims.claim_date,
        claims._load_id as load_id,
        new_loads.account as load_account,
        new_loads.committed_at,
        sum(claims.claimed_conversions) as claimed_conversions,
        sum(claims.claimed_amount_local) as claimed_amount_local,
        claims.source,
        claims.stream,
        claims.feed,
        claims.platform,
        claims.account_id,
        claims.campaign_id,
        claims.ad_group_id,
        claims.ad_id,
        claims.action_key,
        claims.action_id,
        max(claims.action_name) as action_name,
        claims.date_basis,
        claims.attribution_model,
        claims.click_window_days,
        claims.view_window_days,
        claims.is_view_through,
        claims.is_modelled,
        claims.currency_code,
        max(claims.time_zone) as time_zone
    from claims
    inner join new_loads on claims._load_id = new_loads.load_id
    group by all
)

select * from final
