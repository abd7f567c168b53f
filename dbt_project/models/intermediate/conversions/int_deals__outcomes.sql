-- Every time a deal was won or lost, with the amount it was worth then. What a stage means the
-- source says itself, or else the company file; stages that neither decides leave the deal open.
with stages as (
    select * from {{ ref("shape_deal_stages") }}
),

deals as (
    select
        source,
        record_id,
        amount_local,
        currency_code
    from {{ ref("shape_deals") }}
),

meanings as (
    select
        source,
        stage,
        outcome
    from {{ source("company", "crm_stages") }}
),

meant as (
    select
        stages.source,
        stages.stream,
        stages.deal_record_id,
        stages.stage,
        stages.entered_at,
        coalesce(stages.outcome, meanings.outcome) as outcome,
        coalesce(stages.amount_local, deals.amount_local) as amount_local,
        deals.currency_code,
        stages._day,
        stages._load_id
    from stages
    inner join deals
        on stages.source = deals.source and stages.deal_record_id = deals.record_id
    left join meanings on stages.source = meanings.source and stages.stage = meanings.stage
),

decided as (
    select
        *,
        coalesce(
            lag(outcome) over (
                partition by source, deal_record_id order by entered_at, stage
            ) = 'won',
            false
        ) as was_won
    from meant
    where outcome in ('won', 'lost')
),

-- Won while won already is the same sale again, so a sale begins where the deal was not won.
numbered as (
    select
        *,
        sum(case when outcome = 'won' and not was_won then 1 else 0 end) over (
            partition by source, deal_record_id order by entered_at, stage
        ) as sale_number
    from decided
),

final as (
    select
        source,
        stream,
        deal_record_id,
        outcome,
        entered_at,
        stage,
        amount_local,
        currency_code,
        was_won,
        max(case when outcome = 'won' and not was_won then amount_local end) over (
            partition by source, deal_record_id, sale_number
        ) as sold_amount_local,
        _day,
        _load_id
    from numbered
)

select * from final
