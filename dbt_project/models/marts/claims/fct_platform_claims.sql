{{ config(
    materialized="incremental",
    incremental_strategy="replace_days",
    on_schema_change="fail",
    meta={
        "replaced_from": "int_claims__changed_days",
        "replaced_columns": ["claim_date"],
    },
) }}

with changed_days as (
    select claim_date from {{ ref("int_claims__changed_days") }}
),

claims as (
    select * from {{ ref("int_claims__current") }}
    {% if is_incremental() %}
        where claim_date in (select claim_date from changed_days)
    {% endif %}
),

final as (
    select
        claim_key,
        source,
        feed,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        claim_date,
        action_key,
        action_id,
        action_name,
        goal,
        tier,
        definition_key,
        date_basis,
        attribution_model,
        click_window_days,
        view_window_days,
        is_view_through,
        is_modelled,
        time_zone,
        is_headline,
        claimed_conversions,
        claimed_amount_local,
        currency_code,
        claimed_amount,
        load_id,
        valid_from
    from claims
)

select * from final
