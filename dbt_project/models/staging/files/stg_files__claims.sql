-- Rows of one key, such as keywords of an ad, add up, however platform and ids are spelt. A
-- report's word for none is no id.
with source as (
    select
        feed,
        {{ spelt_platform("coalesce(platform, feed)") }} as platform,
        {{ spelt_account("coalesce(platform, feed)", "account_id") }} as account_id,
        {{ spelt_id("campaign_id") }} as campaign_id,
        {{ spelt_id("ad_group_id") }} as ad_group_id,
        {{ spelt_id("ad_id") }} as ad_id,
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
        claimed_conversions,
        claimed_amount_local,
        _day,
        _load_id
    from {{ source("raw_files", "claims__loads") }}
),

in_force as (
    select distinct
        day,
        load_id
    from {{ source("trueup", "current_days") }}
    where source = 'files' and stream = 'claims'
),

added as (
    select
        feed,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        claim_date,
        action_id,
        max(action_name) as action_name,
        date_basis,
        attribution_model,
        click_window_days,
        view_window_days,
        is_view_through,
        is_modelled,
        currency_code,
        time_zone,
        sum(claimed_conversions) as claimed_conversions,
        sum(claimed_amount_local) as claimed_amount_local,
        count(*) as _rows,
        _day,
        _load_id
    from source
    group by
        feed,
        platform,
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        claim_date,
        action_id,
        date_basis,
        attribution_model,
        click_window_days,
        view_window_days,
        is_view_through,
        is_modelled,
        currency_code,
        time_zone,
        _day,
        _load_id
),

final as (
    select
        'files' as source,
        'claims' as stream,
        added.feed,
        added.platform,
        added.account_id,
        added.campaign_id,
        added.ad_group_id,
        added.ad_id,
        added.claim_date,
        added.action_id,
        added.action_name,
        added.date_basis,
        added.attribution_model,
        cast(added.click_window_days as integer) as click_window_days,
        cast(added.view_window_days as integer) as view_window_days,
        added.is_view_through,
        added.is_modelled,
        added.currency_code,
        added.time_zone,
        cast(added.claimed_conversions as decimal(18, 6)) as claimed_conversions,
        cast(added.claimed_amount_local as decimal(18, 6)) as claimed_amount_local,
        in_force.load_id is not null as is_current,
        cast(added._rows as bigint) as _rows,
        added._day,
        added._load_id
    from added
    left join in_force on added._day = in_force.day and added._load_id = in_force.load_id
)

select * from final
