-- Every time a deal changed its stage or its worth. What a stage means its pipeline says, and of
-- one no pipeline has any more the deal's own flags, while it stands in it. A deal that came into
-- the CRM closed, or was closed by an import, closed on the day it is said to have, not on that of
-- the import. A deal merged into another has its history there.
with loads as (
    select
        load_id,
        account
    from {{ source("trueup", "applied_loads") }}
),

settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

-- A portal that the company file names no more has no zone there.
accounts as (
    select
        account_id,
        time_zone
    from {{ source("company", "accounts") }}
    where source = 'hubspot'
),

source as (
    select
        deal_stages.*,
        loads.account,
        coalesce(accounts.time_zone, settings.reporting_zone) as time_zone
    from {{ source("raw_hubspot", "deal_stages") }} as deal_stages
    cross join settings
    left join loads on deal_stages._load_id = loads.load_id
    left join accounts on loads.account = accounts.account_id
),

deals as (
    select
        deal_id,
        stage as present_stage,
        case
            when is_won then 'won'
            when is_closed then 'lost'
            when is_closed is not null then 'open'
        end as present_outcome
    from {{ source("raw_hubspot", "deals") }}
),

merged_deals as (
    select merged_id
    from {{ ref("stg_hubspot__merges") }}
    where record_type = 'deal'
),

meanings as (
    select * from {{ ref("stg_hubspot__stages") }}
),

-- The same id in several pipelines is one stage where they agree on it.
agreed as (
    select
        account,
        stage,
        min(outcome) as outcome
    from meanings
    group by account, stage
    having min(outcome) = max(outcome)
),

meant as (
    select
        source.*,
        coalesce(
            meanings.outcome,
            agreed.outcome,
            case when source.stage = deals.present_stage then deals.present_outcome end
        ) as outcome,
        min(source.entered_at) over (partition by source.deal_id) as first_at,
        lag(source.entered_at) over (
            partition by source.deal_id order by source.entered_at, source.stage
        ) as previous_at,
        coalesce(
            source.stage != lag(source.stage) over (
                partition by source.deal_id order by source.entered_at, source.stage
            ), true
        ) as is_entry,
        {{ local_date("source.closed_at", "source.time_zone") }}
        < {{ local_date("source.entered_at", "source.time_zone") }} as is_closed_before
    from source
    left join deals on source.deal_id = deals.deal_id
    left join meanings
        on
            source.account = meanings.account
            and source.pipeline = meanings.pipeline
            and source.stage = meanings.stage
    left join agreed on source.account = agreed.account and source.stage = agreed.stage
    where source.deal_id not in (select merged_id from merged_deals)
),

-- What is written within ten minutes of a deal's first stage is part of how it came: where that
-- ends closed on an earlier day, the stages on the way there come before it.
arrived as (
    select
        *,
        case
            when
                outcome in ('won', 'lost')
                and is_closed_before
                and entered_at <= first_at + interval '10 minutes'
                then closed_at
        end as came_closed_at
    from meant
),

come as (
    select
        *,
        min(came_closed_at) over (partition by deal_id) as first_closed_at,
        min(case when came_closed_at is not null then entered_at end)
            over (partition by deal_id) as first_closed_entered_at
    from arrived
),

dated as (
    select
        *,
        case
            when came_closed_at is not null then came_closed_at
            when entered_at < first_closed_entered_at
                then first_closed_at - (first_closed_entered_at - entered_at)
            when
                outcome in ('won', 'lost')
                and is_closed_before
                and is_entry
                and written_by in ('IMPORT', 'MIGRATION')
                then greatest(closed_at, previous_at + interval '1 second')
            else entered_at
        end as happened_at
    from come
),

final as (
    select
        'hubspot' as source,
        'deal_stages' as stream,
        deal_id as deal_record_id,
        stage,
        happened_at
        + (
            row_number() over (
                partition by deal_id, stage, happened_at order by entered_at
            ) - 1
        ) * interval '1 second' as entered_at,
        cast(amount as decimal(18, 6)) as amount_local,
        currency_code,
        outcome,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from dated
)

select * from final
