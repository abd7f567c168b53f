-- Of the visits of a day that something led to, how many the events system sees come from elsewhere
-- than their own links and pages say: by source and medium, and by the channel group it gives them.
-- It remembers the last click of earlier visits, so direct ones say nothing, nor do days it has not
-- closed.
with visits as (
    select
        touch_date,
        source,
        medium,
        default_channel,
        lower(session_source) as session_source,
        lower(session_medium) as session_medium,
        session_default_channel
    from {{ ref("fct_touches") }}
    where session_source is not null and not is_direct
),

build as (
    select through_date from {{ source("trueup", "build") }}
),

compared as (
    select
        'session_source_differs' as signal,
        touch_date as signal_date,
        source != session_source
        or medium != coalesce(session_medium, '(not set)') as is_different
    from visits
    union all
    select
        'default_channel_differs' as signal,
        touch_date as signal_date,
        default_channel != session_default_channel as is_different
    from visits
    where session_default_channel is not null
),

final as (
    select
        compared.signal,
        'all' as segment,
        compared.signal_date,
        cast(count(*) filter (where compared.is_different) as bigint) as numerator,
        cast(count(*) as bigint) as denominator,
        compared.signal_date <= {{ add_days("build.through_date", -3) }} as is_mature
    from compared
    cross join build
    group by compared.signal, compared.signal_date, build.through_date
)

select * from final
