{{ config(severity="warn", meta={"runbook": "docs/runbook.md#unlisted-feeds"}) }}

-- Rows in force of a feed that the company file lists no more. One that was renamed landed all its
-- rows once more under its new name, and they count twice; one that was taken out still counts.
select
    unlisted.stream as signal,
    unlisted.source || '.' || unlisted.stream || '.' || unlisted.account as segment,
    min(current_days.day) as since_date,
    sum(landed_days.landed) as affected_rows,
    sum(landed_days.landed_money) as affected_amount_local,
    cast(sum(landed_days.landed) as {{ dbt.type_string() }})
    || ' rows stay in force, twice if the feed was renamed: list it again, or `trueup reject '
    || unlisted.source || '.' || unlisted.stream || '.' || unlisted.account
    || ' --why WHY`' as observed
from {{ source("trueup", "unlisted_feeds") }} as unlisted
inner join {{ source("trueup", "current_days") }} as current_days
    on
        unlisted.source = current_days.source
        and unlisted.stream = current_days.stream
        and unlisted.account = current_days.account
inner join {{ source("trueup", "landed_days") }} as landed_days
    on current_days.load_id = landed_days.load_id and current_days.day = landed_days.day
where landed_days.landed > 0
group by unlisted.source, unlisted.stream, unlisted.account
