{{ config(severity="warn", meta={"runbook": "docs/runbook.md#ga4-purchases"}) }}

-- An event the company file maps to a goal was not seen for a month in which the goal was reached.
-- Names are the tag's own, and count letter by letter: it was renamed, never set up, or is misspelt
-- in the company file. Events that did occur and are mapped to nothing stand beside it, those that
-- share its last word first. A goal that nothing else records is looked at however often.
{#- So many conversions without a single event are no small shop's chance. -#}
{%- set least_conversions = 5 %}
with period as (
    select {{ add_days("through_date", -30) }} as since_date from {{ ref("int_builds__covered") }}
),

selectors as (
    select
        mappings.source,
        mappings.selector,
        mappings.goal,
        regexp_extract(lower(mappings.selector), '([a-z]+)[^a-z]*$', 1) as last_word
    from {{ source("company", "goal_mappings") }} as mappings
    inner join {{ source("company", "goals") }} as goals on mappings.goal = goals.goal
    where mappings.source in ({{ sources_of("events") }}) and goals.tier = 'strong'
),

seen as (
    select
        selectors.source,
        selectors.selector,
        max(events.event_date) as last_date
    from selectors
    inner join {{ ref("int_events__mapped") }} as events
        on
            selectors.source = events.source
            and selectors.selector in (events.event_name, events.goal_event_name)
    group by selectors.source, selectors.selector
),

reached as (
    select
        conversions.goal,
        count(*) filter (where conversions.conversion_date > period.since_date)
            as recent_conversions,
        sum(conversions.net_amount) filter (where conversions.conversion_date > period.since_date)
            as affected_amount_local
    from {{ ref("fct_conversions") }} as conversions
    cross join period
    group by conversions.goal
),

missing as (
    select
        selectors.source,
        selectors.selector,
        selectors.goal,
        selectors.last_word,
        seen.last_date,
        reached.recent_conversions,
        reached.affected_amount_local
    from selectors
    cross join period
    left join seen
        on selectors.source = seen.source and selectors.selector = seen.selector
    left join reached on selectors.goal = reached.goal
    where
        coalesce(seen.last_date <= period.since_date, true)
        and coalesce(reached.recent_conversions >= {{ least_conversions }}, true)
),

occurred as (
    select
        events.source,
        events.event_name,
        count(*) as event_count
    from {{ ref("shape_events") }} as events
    cross join period
    where events._day > period.since_date and events.source in (select source from missing)
    group by events.source, events.event_name
),

others as (
    select
        missing.source,
        missing.selector,
        occurred.event_name || ' (' || cast(occurred.event_count as {{ dbt.type_string() }}) || ')'
            as event,
        row_number() over (
            partition by missing.source, missing.selector
            order by
                position(missing.last_word in lower(occurred.event_name)) > 0 desc,
                occurred.event_count desc,
                occurred.event_name
        ) as place
    from missing
    inner join occurred on missing.source = occurred.source
    left join {{ source("company", "goal_mappings") }} as mappings
        on occurred.source = mappings.source and occurred.event_name = mappings.selector
    where mappings.selector is null
)

select
    missing.source || ' ' || missing.selector as segment,
    {{ add_days("missing.last_date", 1) }} as since_date,
    missing.recent_conversions as affected_rows,
    missing.affected_amount_local,
    (select reporting_currency from {{ source("company", "settings") }}) as currency_code,
    'no event is called ' || missing.selector
    || coalesce(', there are ' || string_agg(others.event, ', ' order by others.place), '')
        as observed
from missing
left join others
    on
        missing.source = others.source
        and missing.selector = others.selector
        and others.place <= 5
group by
    missing.source,
    missing.selector,
    missing.last_date,
    missing.recent_conversions,
    missing.affected_amount_local
