-- Incidents that something was measured of, with the days and rows they touch, and which of several
-- a row shows: one that pages, else the one that speaks of fewest rows, else the one that began
-- first. What was only set otherwise marks nothing, because nothing is known to be wrong yet.
with incidents as (
    select * from {{ source("trueup", "tracking_incidents") }}
    where found_by != 'settings'
),

final as (
    select
        incident_id,
        cause_family,
        onset_date,
        coalesce(resolved_date, cast('9999-12-31' as date)) as end_date,
        touched_platform,
        touched_campaign_id,
        touched_source,
        touches_conversions,
        row_number() over (
            order by
                case when severity = 'page' then 0 else 1 end,
                case
                    when touched_campaign_id is not null then 0
                    when touched_platform is not null then 1
                    when touched_source is not null then 2
                    else 3
                end,
                onset_date,
                incident_id
        ) as precedence
    from incidents
)

select * from final
