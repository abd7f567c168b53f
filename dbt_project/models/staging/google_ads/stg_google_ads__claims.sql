-- Each claim once: on its ad where an ad earned it, else on its campaign. All conversions are
-- taken, because whether an action counts as primary is a setting for bidding. View-through
-- conversions stand apart, on the day of the view, and have no value.
with measured as (
    select * from {{ ref("stg_google_ads__conversions_by_basis") }}
),

earned_by_ads as (
    select
        _load_id,
        customer_id,
        campaign_id,
        ad_date,
        conversion_action_id,
        date_basis,
        sum(claimed_conversions) as claimed_conversions,
        sum(claimed_amount_local) as claimed_amount_local
    from measured
    where level = 'ad'
    group by
        _load_id, customer_id, campaign_id, ad_date, conversion_action_id, date_basis
),

-- The campaign level is complete, the ad level says which ad: of a campaign's claims, those that
-- no ad accounts for (all of them in Performance Max) stay on the campaign.
counted_once as (
    select
        measured.*,
        measured.claimed_conversions - case
            when measured.level = 'campaign' then coalesce(earned_by_ads.claimed_conversions, 0)
            else 0
        end as own_conversions,
        measured.claimed_amount_local - case
            when measured.level = 'campaign' then coalesce(earned_by_ads.claimed_amount_local, 0)
            else 0
        end as own_amount_local
    from measured
    left join earned_by_ads
        on
            measured._load_id = earned_by_ads._load_id
            and measured.customer_id = earned_by_ads.customer_id
            and measured.campaign_id = earned_by_ads.campaign_id
            and measured.ad_date = earned_by_ads.ad_date
            and measured.conversion_action_id = earned_by_ads.conversion_action_id
            and measured.date_basis = earned_by_ads.date_basis
),

-- Google's levels may differ by a rounding error, which is nobody's claim.
measurable as (
    select
        *,
        abs(own_conversions) > 0.0001 or abs(coalesce(own_amount_local, 0)) >= 0.005 as is_claim
    from counted_once
),

in_force as (
    select distinct
        stream,
        day,
        load_id
    from {{ source("trueup", "current_days") }}
    where source = 'google_ads'
),

final as (
    select
        'google_ads' as source,
        measurable.stream,
        cast(null as {{ dbt.type_string() }}) as feed,
        'google_ads' as platform,
        measurable.customer_id as account_id,
        measurable.campaign_id,
        measurable.ad_group_id,
        measurable.ad_id,
        measurable.ad_date as claim_date,
        measurable.conversion_action_id as action_id,
        measurable.conversion_action_name as action_name,
        measurable.date_basis,
        lower(
            regexp_replace(measurable.attribution_model, '^GOOGLE_(SEARCH_ATTRIBUTION|ADS)_', '')
        ) as attribution_model,
        cast(measurable.click_window_days as integer) as click_window_days,
        cast(measurable.view_window_days as integer) as view_window_days,
        measurable.is_view_through,
        -- Google counts modelled conversions among the others and does not say which
        false as is_modelled,
        measurable.currency_code,
        measurable.time_zone,
        cast(
            case when measurable.is_claim then measurable.own_conversions else 0 end
            as decimal(18, 6)
        ) as claimed_conversions,
        cast(
            case
                when measurable.is_claim then measurable.own_amount_local
                when not measurable.is_view_through then 0
            end as decimal(18, 6)
        ) as claimed_amount_local,
        in_force.load_id is not null as is_current,
        cast(measurable._rows as bigint) as _rows,
        measurable._day,
        measurable._load_id
    from measurable
    left join in_force
        on
            measurable.stream = in_force.stream
            and measurable._day = in_force.day
            and measurable._load_id = in_force.load_id
)

select * from final
