-- How many conversions a platform may rightly claim whose way to us nobody saw. Who refuses consent
-- walks the same ways as who gives it: of journeys seen whole a share has the platform's touch, and
-- of the others as many have one as that share makes. What is already known of these is taken
-- away, the rest is spread over the days before as seen ones are. Shares are of four weeks around
-- the day, as consent, budgets and seasons move.
{%- set near -%}
    over (
        partition by platform, account_id, goal
        order by conversion_date
        range between interval 14 days preceding and interval 14 days following
    )
{%- endset %}

with lags as (
    select * from {{ ref("int_reconciliation__lags") }}
),

-- A journey is seen whole where its browser may be known; where no browser ever is, wherever
-- anything of it was seen.
conversions as (
    select
        conversion_id,
        goal,
        conversion_date,
        cast(coalesce(gross_amount, 0) as double) as gross_amount,
        case
            when bool_or(ga4_session_key is not null) over (partition by goal)
                then ga4_session_key is not null
            else attribution_state = 'attributed'
        end as is_whole
    from {{ ref("int_conversions__reconciled") }}
    where goal in (select goal from lags)
),

happened as (
    select
        goal,
        conversion_date,
        count(*) filter (where is_whole) as whole_journeys,
        count(*) filter (where not is_whole) as other_journeys,
        coalesce(sum(gross_amount) filter (where not is_whole), 0) as other_amount,
        coalesce(sum(gross_amount * gross_amount) filter (where not is_whole), 0) as other_squares
    from conversions
    group by goal, conversion_date
),

known as (
    select
        touched.platform,
        touched.account_id,
        touched.goal,
        touched.conversion_date,
        count(*) filter (where touched.is_in_window and conversions.is_whole) as whole_touched,
        count(*) filter (where touched.is_in_window and not conversions.is_whole) as other_touched,
        coalesce(
            sum(conversions.gross_amount)
            filter (where touched.is_in_window and not conversions.is_whole), 0
        ) as other_amount,
        coalesce(
            sum(conversions.gross_amount * conversions.gross_amount)
            filter (where touched.is_in_window and not conversions.is_whole), 0
        ) as other_squares,
        count(*) filter (where not touched.is_in_window and conversions.is_whole) as whole_beyond,
        count(*) filter (where not touched.is_in_window and not conversions.is_whole)
            as other_beyond
    from {{ ref("int_reconciliation__touched") }} as touched
    inner join conversions on touched.conversion_id = conversions.conversion_id
    group by touched.platform, touched.account_id, touched.goal, touched.conversion_date
),

days as (
    select
        lagged.platform,
        lagged.account_id,
        happened.goal,
        happened.conversion_date,
        happened.whole_journeys,
        coalesce(known.whole_touched, 0) as whole_touched,
        happened.other_journeys,
        coalesce(known.other_touched, 0) as other_touched,
        coalesce(known.whole_beyond, 0) as whole_beyond,
        coalesce(known.other_beyond, 0) as other_beyond,
        happened.other_amount - coalesce(known.other_amount, 0) as untouched_amount,
        happened.other_squares - coalesce(known.other_squares, 0) as untouched_squares
    from happened
    inner join (
        select distinct
            platform,
            account_id,
            goal
        from lags
    ) as lagged on happened.goal = lagged.goal
    left join known
        on
            lagged.platform = known.platform
            and lagged.account_id = known.account_id
            and happened.goal = known.goal
            and happened.conversion_date = known.conversion_date
),

nearby as (
    select
        *,
        cast(sum(whole_journeys) {{ near }} as double) as near_whole,
        cast(sum(whole_touched) {{ near }} as double) as near_touched,
        cast(sum(other_journeys) {{ near }} as double) as near_others,
        cast(sum(other_journeys - other_touched) {{ near }} as double) as near_untouched,
        cast(sum(whole_beyond) {{ near }} as double) as near_beyond,
        cast(sum(other_beyond) {{ near }} as double) as near_other_beyond
    from days
),

-- Of journeys not seen whole and without a touch that is known, the share that has one all the
-- same, and by how much that may be off because few were seen.
shared as (
    select
        *,
        case
            when near_whole > 0 and near_untouched > 0
                then
                    greatest(
                        near_touched / near_whole * near_others - (near_others - near_untouched), 0
                    ) / near_untouched
            else 0
        end as hidden_share,
        case
            when near_whole > 0 and near_untouched > 0
                then
                    sqrt(near_touched * (near_whole - near_touched) / power(near_whole, 3))
                    * near_others / near_untouched
            else 0
        end as share_deviation,
        case
            when near_whole > 0 and near_untouched > 0
                then
                    greatest(near_beyond / near_whole * near_others - near_other_beyond, 0)
                    / near_untouched
            else 0
        end as beyond_share
    from nearby
),

spread as (
    select
        shared.platform,
        shared.account_id,
        shared.goal,
        {{ add_days("shared.conversion_date", "-lags.lag_days") }} as report_date,
        shared.other_journeys - shared.other_touched as untouched,
        shared.untouched_amount,
        shared.untouched_squares,
        least(shared.hidden_share, 1) * lags.lag_share as placed_share,
        shared.share_deviation * lags.lag_share as placed_deviation
    from shared
    inner join lags
        on
            shared.platform = lags.platform
            and shared.account_id = lags.account_id
            and shared.goal = lags.goal
    where lags.is_in_window
),

-- Beyond the platform's window it claims none of them: they are expected on the days that it would
-- put them.
beyond as (
    select
        shared.platform,
        shared.account_id,
        shared.goal,
        {{ add_days("shared.conversion_date", "-lags.lag_days") }} as report_date,
        sum(
            (shared.other_journeys - shared.other_touched)
            * least(shared.beyond_share, 1)
            * lags.lag_share
        ) as beyond_window
    from shared
    inner join lags
        on
            shared.platform = lags.platform
            and shared.account_id = lags.account_id
            and shared.goal = lags.goal
    where not lags.is_in_window
    group by shared.platform, shared.account_id, shared.goal, report_date
),

summed as (
    select
        platform,
        account_id,
        goal,
        report_date,
        sum(untouched) as possible,
        sum(untouched * placed_share) as expected,
        sum(untouched * placed_share * (1 - placed_share))
        + power(sum(untouched * placed_deviation), 2) as variance,
        sum(untouched_amount * placed_share) as amount,
        sum(untouched_squares * placed_share)
        + power(sum(untouched_amount * placed_deviation), 2) as amount_variance
    from spread
    group by platform, account_id, goal, report_date
),

-- Two deviations above what is expected hold 39 days of 40. Conversions come whole.
final as (
    select
        coalesce(summed.report_date, beyond.report_date) as report_date,
        coalesce(summed.platform, beyond.platform) as platform,
        coalesce(summed.account_id, beyond.account_id) as account_id,
        coalesce(summed.goal, beyond.goal) as goal,
        cast(coalesce(summed.expected, 0) as decimal(18, 6)) as unseen_conversions,
        cast(
            coalesce(
                least(
                    summed.possible, ceil(round(summed.expected + 2 * sqrt(summed.variance), 6))
                ),
                0
            ) as decimal(18, 6)
        ) as most_unseen_conversions,
        cast(coalesce(beyond.beyond_window, 0) as decimal(18, 6)) as beyond_window_conversions,
        cast(coalesce(summed.amount, 0) as decimal(38, 6)) as unseen_amount,
        cast(coalesce(summed.amount + 2 * sqrt(summed.amount_variance), 0) as decimal(38, 6))
            as most_unseen_amount
    from summed
    full outer join beyond
        on
            summed.report_date = beyond.report_date
            and summed.platform = beyond.platform
            and summed.account_id = beyond.account_id
            and summed.goal = beyond.goal
    where summed.possible > 0 or beyond.beyond_window > 0
)

select * from final
