-- Claims of a day as they stood when the day was landed for the first time, on the day after it,
-- beside what happened on it and what the platform claims of it by now. Days that were landed as
-- history, many at once, have no first reading.
with loads as (
    select
        loads.source,
        loads.stream,
        loads.account,
        loads.load_id,
        loads.committed_at,
        loads.until,
        days.date_day as claim_date
    from {{ source("trueup", "applied_loads") }} as loads
    inner join {{ ref("int_dates__spined") }} as days
        on loads.since <= days.date_day and loads.until > days.date_day
    where loads.source in ({{ sources_of("claims") }})
),

first_loads as (
    select
        *,
        {{ days_between("claim_date", "until") }} as age,
        count(*) over (partition by load_id) as new_days
    from (
        select * from loads
        qualify
            row_number() over (
                partition by source, stream, account, claim_date order by committed_at, load_id
            ) = 1
    ) as firsts
),

readings as (
    select
        load_id,
        claim_date
    from first_loads
    where age = 1 and new_days <= 3
),

versions as (
    select * from {{ ref("fct_platform_claims_history") }}
    where load_id in (select load_id from readings)
),

-- Of goals that share an action, all claims of it are watched, once.
definitions as (
    select distinct
        action_key,
        date_basis,
        click_window_days,
        view_window_days,
        is_view_through
    from {{ ref("int_signals__claim_definitions") }}
    where tier = 'strong'
),

-- Streams that were read so, by platform: a day with no claim is one of none.
answering as (
    select distinct
        versions.platform,
        readings.claim_date
    from versions
    inner join readings on versions.load_id = readings.load_id
),

at_first as (
    select
        versions.platform,
        versions.claim_date,
        sum(versions.claimed_conversions) as claimed_conversions
    from versions
    inner join readings
        on versions.load_id = readings.load_id and versions.claim_date = readings.claim_date
    inner join definitions
        on
            versions.action_key = definitions.action_key
            and versions.date_basis = definitions.date_basis
            and versions.click_window_days is not distinct from definitions.click_window_days
            and versions.view_window_days is not distinct from definitions.view_window_days
            and versions.is_view_through is not distinct from definitions.is_view_through
    group by versions.platform, versions.claim_date
),

ratios as (
    select
        segment as platform,
        signal_date,
        numerator as claims_now,
        denominator as conversions,
        denominator_amount,
        is_mature
    from {{ ref("int_signals__claims") }}
    where signal = 'claim_ratio' and dimension = 'platform'
),

counted as (
    select
        'platform' as dimension,
        ratios.platform as segment,
        ratios.platform as system,
        ratios.signal_date,
        round(coalesce(at_first.claimed_conversions, 0)) as claims_at_first,
        ratios.claims_now,
        ratios.conversions,
        ratios.denominator_amount,
        ratios.is_mature as has_settled,
        true as is_mature
    from ratios
    inner join answering
        on ratios.platform = answering.platform and ratios.signal_date = answering.claim_date
    left join at_first
        on ratios.platform = at_first.platform and ratios.signal_date = at_first.claim_date
),

settled as (
    select * from counted
    where has_settled
),

final as (
    {{ signals_of("counted", [
        ("claims_at_age", "claims_at_first", "conversions", "denominator_amount"),
    ]) }}
    union all
    {{ signals_of("settled", [("restated_share", "claims_now", "claims_at_first", none)]) }}
)

select * from final
