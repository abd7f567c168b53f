{{ config(severity="warn", meta={"runbook": "docs/runbook.md#ledger"}) }}

{#
    Orders from before the history are paid, and paid back, in its first year: all that moves in
    the first month may be theirs, from there on less with each day. A payment that names no record
    is for several, such as a group's; money given back always is of one. Fewer than ten movements
    are judged as ten.
#}
{% set first_days, longest_days, judged_days, fewest = 30, 365, 28, 10 %}

-- Money moved for orders or bookings nobody knows, more of it than orders from before the history
-- explain; or, in files, for an order that a row names and no file has, which may be misspelt. It
-- counts in the ledger on its day, under no goal and unobserved.
with covered as (
    select
        {{ add_days("builds.through_date", -judged_days) }} as after_date,
        greatest(
            {{ days_between("settings.history_start", "builds.through_date") }} - {{ first_days }},
            0
        ) / cast({{ longest_days - first_days }} as double) as share_of_the_first_year
    from {{ ref("int_builds__covered") }} as builds
    cross join {{ source("company", "settings") }} as settings
),

entries as (
    select
        entries.*,
        entries.conversion_id is null
        and (
            recorded.named_conversion_id is not null or entries.entry_type != 'sale'
        ) as is_unknown,
        entries.conversion_id is null
        and entries.source = 'files'
        and recorded.named_conversion_id is not null as is_misnamed
    from {{ ref("fct_ledger_entries") }} as entries
    inner join {{ ref("int_ledger_entries__recorded") }} as recorded
        on entries.entry_id = recorded.entry_id
    cross join covered
    where entries.entry_date > covered.after_date
),

of_a_kind as (
    select
        source || ' ' || entry_type as segment,
        min(case when is_unknown then entry_date end) as since_date,
        count(case when is_unknown then entry_id end) as affected_rows,
        sum(case when is_unknown then amount_local end) as affected_amount_local,
        currency_code,
        min(case when is_unknown then entry_id end) as first_entry_id,
        count(case when is_misnamed then entry_id end) as misnamed_rows,
        count(*) as entry_count
    from entries
    group by source, entry_type, currency_code
)

select
    of_a_kind.segment,
    of_a_kind.since_date,
    of_a_kind.affected_rows,
    of_a_kind.affected_amount_local,
    of_a_kind.currency_code,
    of_a_kind.first_entry_id
from of_a_kind
cross join covered
where
    of_a_kind.misnamed_rows > 0
    or (
        of_a_kind.affected_rows > 0
        and of_a_kind.affected_rows
        > greatest(of_a_kind.entry_count, {{ fewest }}) * (1 - covered.share_of_the_first_year)
    )
