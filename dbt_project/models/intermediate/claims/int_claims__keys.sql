{{ config(
    materialized="incremental",
    incremental_strategy="delete+insert",
    unique_key="claim_key",
    on_schema_change="fail",
) }}

-- What a claim key stands for. The key holds all of it but the names of action and zone, whose
-- newest is kept.
with claims as (
    select * from {{ ref("int_claims__unioned") }}
    qualify
        row_number() over (
            partition by claim_key order by committed_at desc, load_id desc, claim_date desc
        ) = 1
),

final as (
    select
        claim_key,
        source,
        stream,
        feed,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        action_key,
        action_id,
        action_name,
        date_basis,
        attribution_model,
        click_window_days,
        view_window_days,
        is_view_through,
        is_modelled,
        currency_code,
        time_zone
    from claims
)

select * from final
