-- The pipeline a deal was won in, which may hand it on to another: to those who deliver, or who
-- renew. A win that was taken back within the company's hours of grace was none; of several the
-- last counts.
with loads as (
    select
        load_id,
        account
    from {{ source("trueup", "applied_loads") }}
),

source as (
    select
        deal_stages.*,
        loads.account
    from {{ source("raw_hubspot", "deal_stages") }} as deal_stages
    left join loads on deal_stages._load_id = loads.load_id
),

settings as (
    select deal_grace_hours * interval '1 hour' as grace
    from {{ source("company", "settings") }}
),

company_stages as (
    select
        stage,
        min(outcome) as outcome
    from {{ source("company", "crm_stages") }}
    where source = 'hubspot'
    group by stage
),

stages as (
    select * from {{ ref("stg_hubspot__stages") }}
),

meant as (
    select
        source.deal_id,
        source.pipeline,
        source.stage,
        source.entered_at,
        coalesce(company_stages.outcome, stages.outcome) = 'won' as is_won
    from source
    left join company_stages on source.stage = company_stages.stage
    left join stages
        on
            source.account = stages.account
            and source.pipeline = stages.pipeline
            and source.stage = stages.stage
    where company_stages.outcome is not null or stages.outcome is not null
),

turned as (
    select
        *,
        coalesce(
            lag(is_won) over (partition by deal_id order by entered_at, stage), false
        ) as was_won,
        min(case when not is_won then entered_at end) over (
            partition by deal_id
            order by entered_at, stage
            rows between 1 following and unbounded following
        ) as left_at
    from meant
),

final as (
    select
        turned.deal_id,
        turned.pipeline
    from turned
    cross join settings
    where
        turned.is_won
        and not turned.was_won
        and coalesce(turned.left_at > turned.entered_at + settings.grace, true)
    qualify
        row_number() over (
            partition by turned.deal_id order by turned.entered_at desc, turned.stage
        ) = 1
)

select * from final
