-- Claims of every load the mart has not seen, each with the definition that makes it comparable:
-- numbers of two definitions are two answers to two questions and are never added.
with claims as (
    select
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        claim_date,
        action_id,
        action_name,
        date_basis,
        attribution_model,
        click_window_days,
        view_window_days,
        is_view_through,
        is_modelled,
        currency_code,
        time_zone,
        cast(coalesce(claimed_conversions, 0) as decimal(18, 6)) as claimed_conversions,
        cast(coalesce(claimed_amount_local, 0) as decimal(18, 2)) as claimed_amount_local,
        source,
        stream,
        _load_id as load_id
    from {{ ref("stg_google_ads__claims") }}
    union all
    select
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        claim_date,
        action_id,
        action_name,
        date_basis,
        attribution_model,
        click_window_days,
        view_window_days,
        is_view_through,
        is_modelled,
        currency_code,
        time_zone,
        cast(coalesce(claimed_conversions, 0) as decimal(18, 6)) as claimed_conversions,
        cast(coalesce(claimed_amount_local, 0) as decimal(18, 2)) as claimed_amount_local,
        source,
        stream,
        _load_id as load_id
    from {{ ref("stg_meta_ads__claims") }}
    union all
    select
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        claim_date,
        action_id,
        action_name,
        date_basis,
        attribution_model,
        click_window_days,
        view_window_days,
        is_view_through,
        is_modelled,
        currency_code,
        time_zone,
        cast(coalesce(claimed_conversions, 0) as decimal(18, 6)) as claimed_conversions,
        cast(coalesce(claimed_amount_local, 0) as decimal(18, 2)) as claimed_amount_local,
        source,
        stream,
        _load_id as load_id
    from {{ ref("stg_files__claims") }}
),

defined as (
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
            "time_zone",
        ]) }} as definition_key
    from claims
),

final as (
    select
        {{ hash_key([
            "source",
            "stream",
            "platform",
            "account_id",
            "campaign_id",
            "ad_group_id",
            "ad_id",
            "action_id",
            "definition_key",
        ]) }} as claim_key,
        claim_date,
        load_id,
        claimed_conversions,
        claimed_amount_local,
        source,
        stream,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        action_id,
        action_name,
        definition_key,
        date_basis,
        attribution_model,
        click_window_days,
        view_window_days,
        is_view_through,
        is_modelled,
        currency_code,
        time_zone
    from defined
)

select * from final
