{{ config(severity="warn", meta={"runbook": "docs/runbook.md#deal-stages"}) }}

-- Stages the company file names that no pipeline of the source has and no deal ever entered: they
-- are misspelt, or gone.
with stages as (
    select distinct
        source,
        stage
    from {{ source("company", "crm_stages") }}
),

pipelines as (
    select
        source,
        object_id
    from {{ ref("fct_account_settings") }}
    where object_type = 'deal stage' and setting = 'outcome'
),

entered as (
    select distinct
        source,
        stage
    from {{ ref("shape_deal_stages") }}
)

select
    stages.source || ': stage ' || stages.stage as segment,
    cast(null as date) as since_date,
    count(*) as affected_rows
from stages
inner join pipelines on stages.source = pipelines.source
where (stages.source, stages.stage) not in (
    select
        source,
        stage
    from entered
)
group by stages.source, stages.stage
having not bool_or(pipelines.object_id like '%:' || stages.stage)
