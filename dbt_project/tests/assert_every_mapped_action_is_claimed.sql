{{ config(severity="warn", meta={"runbook": "docs/runbook.md#claims"}) }}

-- An action the company file maps to a goal matches nothing its platform claims or lists.
-- No claim of the last month bears the name: it was renamed, never occurred, or is misspelt. The
-- actions that do occur and are mapped to no goal stand beside it, those that share its last word
-- first.
with period as (
    select {{ add_days("through_date", -30) }} as since from {{ ref("int_builds__covered") }}
),

actions as (
    select * from {{ ref("int_claims__actions") }}
),

listed as (
    select distinct source
    from actions
    where is_defined
),

-- A selector of files may name a stream of records; those are no actions.
selectors as (
    select
        source,
        selector,
        string_agg(goal, ', ' order by goal) as goal,
        regexp_extract(lower(selector), '([a-z]+)[^a-z]*$', 1) as last_word
    from {{ source("company", "goal_mappings") }}
    where
        source in (select source from actions)
        and not {{ matches_fully("selector", "'(.+:)?(orders|bookings|deals|leads)'") }}
    group by source, selector
),

recent as (
    select
        actions.source,
        actions.action_name,
        coalesce(actions.goal is not null and actions.mapped_by != 'former name', false)
            as is_mapped,
        max(counted.claimed_conversions) as claimed_conversions
    from actions
    inner join (
        select
            claims.action_key,
            sum(claims.claimed_conversions) as claimed_conversions
        from {{ ref("fct_platform_claims") }} as claims
        cross join period
        where claims.claim_date > period.since
        group by claims.action_key, claims.definition_key
    ) as counted on actions.action_key = counted.action_key
    group by all
),

found as (
    select distinct
        selectors.source,
        selectors.selector
    from selectors
    cross join period
    inner join actions
        on
            selectors.source = actions.source
            and selectors.selector in (actions.action_id, actions.action_name)
    where actions.is_defined or actions.last_claim_date > period.since
),

last_seen as (
    select
        selectors.source,
        selectors.selector,
        max(names.last_claim_date) as last_claim_date
    from selectors
    inner join {{ ref("int_claims__action_names") }} as names
        on
            selectors.source = names.source
            and selectors.selector in (names.action_id, names.action_name)
    group by selectors.source, selectors.selector
),

unmapped as (
    select
        selectors.source,
        selectors.selector,
        recent.action_name || ' (' || cast(round(recent.claimed_conversions) as bigint) || ')'
            as action,
        recent.claimed_conversions,
        row_number() over (
            partition by selectors.source, selectors.selector
            order by
                position(selectors.last_word in lower(recent.action_name)) > 0 desc,
                recent.claimed_conversions desc,
                recent.action_name
        ) as place
    from selectors
    inner join recent on selectors.source = recent.source
    where not recent.is_mapped
)

select
    selectors.source || ' ' || selectors.selector as segment,
    selectors.goal,
    {{ add_days("last_seen.last_claim_date", 1) }} as since_date,
    string_agg(unmapped.action, ', ' order by unmapped.place) as unmapped_actions
from selectors
left join found
    on selectors.source = found.source and selectors.selector = found.selector
left join last_seen
    on selectors.source = last_seen.source and selectors.selector = last_seen.selector
left join unmapped
    on
        selectors.source = unmapped.source
        and selectors.selector = unmapped.selector
        and unmapped.place <= 5
where
    found.selector is null
    and (
        selectors.source in (select source from recent)
        or selectors.source in (select source from listed)
    )
group by selectors.source, selectors.selector, selectors.goal, last_seen.last_claim_date
