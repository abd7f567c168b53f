{{ config(materialized="table") }}

-- The day on which each load of claims read its platform: the one after the last day it asked
-- for. When it was committed says less: of a history that is landed in one night it is right, but a
-- run that is made up for later would be of the wrong day.
with loads as (
    select
        source,
        stream,
        account,
        load_id,
        since,
        until,
        committed_at,
        -- A window that is fetched in pieces is one reading: a piece begins where the last ended.
        case
            when
                since = lag(until) over (
                    partition by source, stream, account order by committed_at, load_id
                )
                then 0
            else 1
        end as begins_reading
    from {{ source("trueup", "applied_loads") }}
    where source in ({{ sources_of("claims") }})
),

numbered as (
    select
        *,
        sum(begins_reading) over (
            partition by source, stream, account
            order by committed_at, load_id
            rows between unbounded preceding and current row
        ) as reading
    from loads
),

-- Who asks for an earlier window again hears what is known by now.
final as (
    select
        load_id,
        source,
        stream,
        account as load_account,
        since,
        until,
        max(until) over (
            partition by source, stream, account
            order by reading
            range between unbounded preceding and current row
        ) as read_date
    from numbered
)

select * from final
