{{ config(severity="warn", meta={"runbook": "docs/runbook.md#config-changes"}) }}

-- A tag, trigger or conversion action that feeds a goal was removed or paused, or asks for consent
-- otherwise: told while it stands so, and for two weeks of snapshots at most.
with changes as (
    select
        *,
        max(observed_at) over (
            partition by source, account_id, object_type, object_id, setting
        ) as newest_change_at
    from {{ ref("fct_config_changes") }}
),

newest as (
    select
        source,
        max(observed_at) as newest_at
    from {{ ref("shape_settings") }}
    group by source
)

select distinct
    changes.source || ' ' || changes.account_id || ': ' || changes.change as segment,
    cast(changes.observed_at as date) as since_date
from changes
inner join newest on changes.source = newest.source
where
    changes.is_break
    and changes.observed_at = changes.newest_change_at
    and changes.observed_at >= newest.newest_at - interval '14' day
