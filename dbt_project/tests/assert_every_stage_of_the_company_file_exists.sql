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
        setting
    from {{ ref("shape_settings") }}
    where setting like 'outcome of stage %'
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
having not bool_or(pipelines.setting like '%:' || stages.stage)
