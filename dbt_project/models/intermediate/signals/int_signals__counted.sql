{{ config(materialized="table") }}

-- Every tracking signal: counts by day, in all and by the segments that say where something broke.
-- Of what there may be any number of, the twenty largest segments are kept that hold a hundredth of
-- all; the only segment there is says what all of it says. On a day of an offer more visits buy,
-- because of it: no such day is mature, so that nobody learns from it or hears of it.
with counted as (
    select * from {{ ref("int_signals__consent") }}
    union all
    select * from {{ ref("int_signals__clicks") }}
    union all
    select * from {{ ref("int_signals__visits") }}
    union all
    select * from {{ ref("int_signals__captured_orders") }}
    union all
    select * from {{ ref("int_signals__purchase_events") }}
    union all
    select * from {{ ref("int_signals__claims") }}
    union all
    select * from {{ ref("int_signals__claims_history") }}
    union all
    select * from {{ ref("int_signals__gap") }}
    union all
    select * from {{ ref("int_signals__orders") }}
    union all
    select * from {{ ref("int_signals__leads") }}
    union all
    select * from {{ ref("int_signals__server_events") }}
    union all
    select * from {{ ref("int_signals__deliveries") }}
    union all
    select * from {{ ref("int_signals__fields") }}
),

sizes as (
    select
        signal,
        dimension,
        segment,
        sum(denominator) as size
    from counted
    group by signal, dimension, segment
),

ranked as (
    select
        signal,
        dimension,
        segment,
        size / sum(size) over (partition by signal, dimension) as share_of_dimension,
        row_number() over (
            partition by signal, dimension order by size desc, segment
        ) as place,
        count(*) over (partition by signal, dimension) as segment_count,
        bool_or(dimension = 'all') over (partition by signal) as is_counted_in_all
    from sizes
),

kept as (
    select
        signal,
        dimension,
        segment
    from ranked
    where
        (
            dimension not in ('campaign', 'landing_page', 'country', 'browser')
            or (place <= 20 and share_of_dimension >= 0.01)
        )
        and (segment_count > 1 or dimension in ('all', 'stage') or not is_counted_in_all)
),

unioned as (
    select counted.*
    from counted
    inner join kept
        on
            counted.signal = kept.signal
            and counted.dimension = kept.dimension
            and counted.segment = kept.segment
    union all
    select * from {{ ref("int_signals__mixes") }}
),

signals as (
    select
        signal,
        kind,
        worse,
        hop,
        is_moved_by_offers
    from {{ ref("signals") }}
),

offers as (
    select distinct offer_date from {{ ref("int_signals__offers") }}
),

-- What happened before the history began was not wholly seen.
settings as (
    select history_start from {{ source("company", "settings") }}
),

final as (
    select
        unioned.signal,
        signals.kind,
        signals.worse,
        unioned.dimension,
        unioned.segment,
        unioned.system,
        signals.hop,
        unioned.signal_date,
        unioned.numerator,
        unioned.denominator,
        unioned.denominator_amount,
        unioned.is_mature
        and (
            offers.offer_date is null
            or not coalesce(signals.is_moved_by_offers, false)
        ) as is_mature
    from unioned
    inner join settings on unioned.signal_date >= settings.history_start
    left join signals on unioned.signal = signals.signal
    left join offers on unioned.signal_date = offers.offer_date
)

select * from final
