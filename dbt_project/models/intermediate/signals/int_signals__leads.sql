-- Of the forms sent on a day, as the events system saw them, how many came to be a lead; and of the
-- steps deals took on it, how many led into each stage.
with spans as (
    select * from {{ ref("int_signals__spans") }}
),

events as (
    select
        goal,
        event_date,
        count(*) as forms
    from {{ ref("int_events__conversions") }}
    where journey_type = 'lead' and is_repeat is not true
    group by goal, event_date
),

leads as (
    select
        goal,
        conversion_date,
        min(source) as system,
        count(*) as leads
    from {{ ref("int_conversions__unioned") }}
    where record_type = 'lead'
    group by goal, conversion_date
),

goals as (
    select
        goal,
        min(system) as system
    from leads
    where goal in (select events.goal from events)
    group by goal
),

covered as (
    select
        max(first_date) filter (where shape = 'events') as first_date,
        min(last_date) as last_date,
        min(filled_through) as filled_through,
        min(first_date) filter (where shape = 'leads') as leads_first_date
    from spans
    where shape in ('events', 'leads')
),

forms as (
    select
        goals.goal,
        goals.system,
        events.event_date,
        coalesce(leads.leads, 0) as leads,
        events.forms
    from events
    inner join goals on events.goal = goals.goal
    left join leads on events.goal = leads.goal and events.event_date = leads.conversion_date
),

counted as (
    select
        event_date,
        {{ dimension_and_segment(["goal"]) }},
        min(system) as system,
        sum(leads) as leads,
        sum(forms) as forms
    from forms
    group by {{ day_and_segments("event_date", ["goal"]) }}
),

captured as (
    select
        counted.*,
        counted.event_date as signal_date,
        counted.event_date <= covered.filled_through as is_mature
    from counted
    inner join covered
        on
            counted.event_date
            between greatest(covered.first_date, covered.leads_first_date) and covered.last_date
),

settings as (
    select
        reporting_zone,
        history_start
    from {{ source("company", "settings") }}
),

steps as (
    select
        stages.source,
        stages.stage,
        {{ local_date("stages.entered_at", "settings.reporting_zone") }} as entered_date
    from {{ ref("shape_deal_stages") }} as stages
    cross join settings
    where
        {{ local_date("stages.entered_at", "settings.reporting_zone") }} >= settings.history_start
),

days as (
    select
        source,
        entered_date,
        count(*) as steps
    from steps
    group by source, entered_date
),

stages as (
    select distinct
        source,
        stage
    from steps
),

entered as (
    select
        days.source,
        days.entered_date,
        stages.stage,
        min(days.steps) as steps,
        count(steps.stage) as entries
    from days
    inner join stages on days.source = stages.source
    left join steps
        on
            days.source = steps.source
            and days.entered_date = steps.entered_date
            and stages.stage = steps.stage
    group by days.source, days.entered_date, stages.stage
),

staged as (
    select
        'stage' as dimension,
        entered.source || ' ' || entered.stage as segment,
        entered.source as system,
        entered.entered_date as signal_date,
        entered.entries,
        entered.steps,
        true as is_mature
    from entered
    inner join spans
        on
            entered.source = spans.source
            and spans.shape = 'deals'
            and entered.entered_date <= spans.last_date
),

final as (
    {{ signals_of("captured", [("lead_capture", "leads", "forms", none)]) }}
    union all
    {{ signals_of("staged", [("stage_entry_share", "entries", "steps", none)]) }}
)

select * from final
