-- Every time a deal was won or lost, with the amount it was worth then. An archived deal keeps
-- its history: archiving in a CRM tidies a list, it does not give money back.
with stages as (
    select
        deal_id,
        stage,
        entered_at,
        amount_local
    from {{ ref("stg_hubspot__deal_stages") }}
),

deals as (
    select
        deal_id,
        amount_local,
        currency_code
    from {{ ref("stg_hubspot__deals") }}
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
        lag(meanings.outcome) over (
            partition by stages.deal_id order by stages.entered_at, stages.stage
        ) as outcome_before,
        lag(coalesce(stages.amount_local, deals.amount_local)) over (
            partition by stages.deal_id order by stages.entered_at, stages.stage
        ) as amount_before_local
    from stages
    inner join meanings on stages.stage = meanings.stage
    inner join deals on stages.deal_id = deals.deal_id
),

final as (
    select
        deal_id,
        outcome,
        entered_at,
        amount_local,
        currency_code,
        coalesce(outcome_before = 'won', false) as was_won,
        amount_before_local
    from decided
)

select * from final
