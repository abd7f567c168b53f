-- A deal converts when it was first won, else when it was lost, else when it was entered. Won
-- stays won at its first moment even if the deal falls through or is open again later: the status
-- says the rest.
with outcomes as (
    select
        source,
        deal_record_id,
        min(case when outcome = 'won' then entered_at end) as won_at,
        min(case when outcome = 'lost' then entered_at end) as lost_at,
        max_by(outcome, {{ as_struct(["entered_at", "stage"]) }}) as last_outcome
    from {{ ref("int_deals__outcomes") }}
    group by source, deal_record_id
),

final as (
    select
        deals.source,
        deals.stream,
        'deal' as record_type,
        deals.record_id,
        deals.journey_key,
        cast(null as {{ dbt.type_string() }}) as lead_record_id,
        deals.selector,
        deals.goal,
        case
            when coalesce(outcomes.last_outcome, 'open') = 'open' then 'open'
            when outcomes.last_outcome = 'won' then 'won'
            when outcomes.won_at is not null then 'cancelled'
            else 'lost'
        end as status,
        coalesce(
            outcomes.won_at,
            case when outcomes.last_outcome != 'open' then outcomes.lost_at end,
            deals.created_at
        ) as conversion_at,
        deals.created_at as started_at,
        deals.is_time_known,
        -- Without a form behind it, it was typed in: no event speaks of it.
        false as is_web,
        cast(null as {{ dbt.type_string() }}) as transaction_id,
        cast(null as {{ dbt.type_string() }}) as other_transaction_id,
        deals.amount_local as record_amount_local,
        cast(null as decimal(18, 6)) as shipping_amount_local,
        deals.currency_code,
        deals.customer_key,
        cast(null as {{ dbt.type_string() }}) as click_id,
        cast(null as {{ dbt.type_string() }}) as click_id_kind,
        cast(null as {{ dbt.type_string() }}) as utm_source,
        cast(null as {{ dbt.type_string() }}) as utm_medium,
        cast(null as {{ dbt.type_string() }}) as utm_campaign,
        cast(null as {{ dbt.type_string() }}) as referrer,
        cast(null as {{ dbt.type_string() }}) as landing_page,
        cast(null as {{ dbt.type_string() }}) as platform,
        cast(null as {{ dbt.type_string() }}) as ad_account_id,
        cast(null as {{ dbt.type_string() }}) as campaign_id,
        deals._rows,
        deals._day,
        deals._load_id
    from {{ ref("shape_deals") }} as deals
    left join outcomes
        on deals.source = outcomes.source and deals.record_id = outcomes.deal_record_id
)

select * from final
