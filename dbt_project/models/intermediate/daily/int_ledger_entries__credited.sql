-- Every ledger entry on its own day, given to the touch the headline model (last non-direct)
-- credits; entries nothing was credited for keep the reason as their channel. A refund of an order
-- nobody knows was observed by nobody.
with entries as (
    select
        entry_id,
        conversion_id,
        entry_date,
        goal,
        amount,
        margin_amount
    from {{ ref("fct_ledger_entries") }}
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

conversions as (
    select
        conversion_id,
        attribution_state
    from {{ ref("int_conversions__reconciled") }}
    where record_type != 'visit'
),

final as (
    select
        entries.entry_id,
        entries.entry_date as report_date,
        entries.goal,
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
        entries.amount * coalesce(credits.credit, 1) as reconciled_revenue_amount,
        entries.margin_amount * coalesce(credits.credit, 1) as reconciled_margin_amount
    from entries
    left join credits on entries.conversion_id = credits.conversion_id
    left join conversions on entries.conversion_id = conversions.conversion_id
)

select * from final
