-- The claims in force: the versions no later load has closed.
with claims as (
    select * from {{ ref("int_claims__valued") }}
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
    where valid_to is null
)

select * from final
