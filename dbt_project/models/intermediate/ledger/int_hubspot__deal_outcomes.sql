-- Every time a deal was won or lost, with the amount it was worth then. An archived deal keeps
-- its history: archiving in a CRM tidies a list, it does not give money back. A deal merged into
-- another is told by that one, which has the history of both.
with stages as (
    select
        deal_id,
        stage,
        entered_at,
        amount_local
    from {{ ref("stg_hubspot__deal_stages") }}
),

merged_deals as (
    select merged_id
    from {{ ref("stg_hubspot__merges") }}
    where record_type = 'deal'
),

deals as (
    select
        deal_id,
        amount_local,
        currency_code
    from {{ ref("stg_hubspot__deals") }}
    where deal_id not in (select merged_id from merged_deals)
),

meanings as (
    select
        stage,
        outcome
    from {{ source("company", "crm_stages") }}
    where source = 'hubspot'
),

decided as (
    select
        stages.deal_id,
        meanings.outcome,
        stages.entered_at,
        coalesce(stages.amount_local, deals.amount_local) as amount_local,
        deals.currency_code,
        coalesce(
            lag(meanings.outcome) over (
                partition by stages.deal_id order by stages.entered_at, stages.stage
            ) = 'won',
            false
        ) as was_won,
        stages.stage
    from stages
    inner join meanings on stages.stage = meanings.stage
    inner join deals on stages.deal_id = deals.deal_id
),

-- Won while won already is the same sale told twice, so a sale begins where the deal was not won.
numbered as (
    select
        *,
        sum(case when outcome = 'won' and not was_won then 1 else 0 end) over (
            partition by deal_id order by entered_at, stage
        ) as sale_number
    from decided
),

final as (
    select
        deal_id,
        outcome,
        entered_at,
        amount_local,
        currency_code,
        was_won,
        max(case when outcome = 'won' and not was_won then amount_local end) over (
            partition by deal_id, sale_number
        ) as sold_amount_local
    from numbered
)

select * from final
