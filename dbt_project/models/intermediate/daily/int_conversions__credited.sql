{{ config(materialized="table") }}

-- Strong conversions that stand, on the day they happened, by the touch that is credited.
with conversions as (
    select
        conversion_id,
        conversion_date,
        goal,
        is_new_customer,
        attribution_state
    from {{ ref("int_conversions__reconciled") }}
    where tier = 'strong' and status = 'won'
),

credits as (
    select
        conversion_id,
        channel,
        platform,
        account_id,
        campaign_id,
        credit
    from {{ ref("fct_attribution") }}
    where model = 'last_non_direct'
),

final as (
    select
        conversions.conversion_id,
        conversions.conversion_date as report_date,
        conversions.goal,
        coalesce(
            credits.channel,
            case conversions.attribution_state
                when 'observed_unattributed' then '(observed, unattributed)'
                else '(unobserved)'
            end
        ) as channel,
        credits.platform,
        credits.account_id,
        credits.campaign_id,
        coalesce(credits.credit, 1) as reconciled_conversions,
        case when conversions.is_new_customer then coalesce(credits.credit, 1) else 0 end
            as new_customer_conversions,
        case when not conversions.is_new_customer then coalesce(credits.credit, 1) else 0 end
            as returning_customer_conversions
    from conversions
    left join credits on conversions.conversion_id = credits.conversion_id
)

select * from final
