{{ config(materialized="table") }}

-- What is left of the claims of an account, goal and day after all that single conversions and
-- the claims themselves say. First what is expected: so many are unseen, and as large a part of all
-- that could be claimed as ever is left out. Less than that is left out too. More is chance up to
-- what is likely of a day, and unseen; where it is more than likely of the day or, by three
-- deviations, of the week around it, claims are as many as events were sent twice, and then
-- unexplained. Where a platform names its orders, all of it is unexplained.
{%- set per_account = "partition by platform, account_id, goal order by report_date" %}
-- Of days long settled, so that a month of a break is no yardstick of its own.
{%- set half_a_year_before -%}
    over ({{ per_account }}
    range between interval 210 days preceding and interval 30 days preceding)
{%- endset %}
{%- set week -%}
    over ({{ per_account }} range between interval 3 days preceding and interval 3 days following)
{%- endset %}
{%- set deviations_of_week = 3 %}
-- Long enough for a goal of two a week to have a mean, short enough for the season's prices. None
-- of it lies ahead, so that what is settled stays.
{%- set quarter_before -%}
    over ({{ per_account }}
    range between interval 90 days preceding and current row)
{%- endset %}

with cells as (
    select * from {{ ref("int_reconciliation__cells") }}
),

unseen as (
    select * from {{ ref("fct_unseen_daily") }}
),

repeated as (
    select * from {{ ref("int_reconciliation__repeated") }}
),

named as (
    select distinct
        platform,
        account_id
    from {{ ref("int_reconciliation__named") }}
),

known_days as (
    select
        platform,
        claim_date
    from {{ ref("int_claims__known_days") }}
),

wholes as (
    select
        report_date,
        platform,
        account_id,
        goal,
        sum(rest_conversions) as rest_conversions,
        sum(greatest(rest_conversions, 0)) as surplus_conversions,
        sum(least(rest_conversions, 0)) as deficit_conversions,
        sum(stepped_conversions) as stepped_conversions,
        sum(greatest(clicked_conversions, 0)) as clicked_conversions,
        sum(stepped_amount) as stepped_amount,
        sum(clicked_amount) as clicked_amount,
        count(*) as campaigns
    from cells
    group by report_date, platform, account_id, goal
),

bounded as (
    select
        wholes.*,
        named.platform is not null as is_named,
        known_days.platform is not null as is_known,
        case when named.platform is null then coalesce(unseen.unseen_conversions, 0) else 0 end
            as expected,
        case when named.platform is null then coalesce(unseen.most_unseen_conversions, 0) else 0 end
            as most,
        coalesce(unseen.unseen_conversions, 0) as unseen_conversions,
        coalesce(unseen.unseen_amount, 0) as unseen_amount,
        case
            when named.platform is null then coalesce(unseen.beyond_window_conversions, 0)
            else 0
        end as beyond_window_conversions,
        round(wholes.clicked_conversions * coalesce(repeated.repeated_share, 0), 6)
            as repeated_conversions
    from wholes
    left join named
        on wholes.platform = named.platform and wholes.account_id = named.account_id
    left join unseen
        on
            wholes.report_date = unseen.report_date
            and wholes.platform = unseen.platform
            and wholes.account_id = unseen.account_id
            and wholes.goal = unseen.goal
    left join known_days
        on wholes.platform = known_days.platform and wholes.report_date = known_days.claim_date
    left join repeated
        on
            wholes.report_date = repeated.report_date
            and wholes.platform = repeated.platform
            and wholes.account_id = repeated.account_id
            and wholes.goal = repeated.goal
),

-- What conversions of ours are worth, or where there are none, those likely unseen; and what the
-- platform says a claim is.
means as (
    select
        *,
        coalesce(
            cast(sum(stepped_amount) {{ quarter_before }} as double)
            / nullif(cast(greatest(sum(stepped_conversions) {{ quarter_before }}, 0) as double), 0),
            cast(sum(unseen_amount) {{ quarter_before }} as double)
            / nullif(cast(sum(unseen_conversions) {{ quarter_before }} as double), 0)
        ) as mean_worth,
        cast(sum(clicked_amount) {{ quarter_before }} as double)
        / nullif(cast(sum(clicked_conversions) {{ quarter_before }} as double), 0) as mean_claim
    from bounded
),

valued as (
    select
        *,
        coalesce(mean_worth, mean_claim, 0) as conversion_worth,
        coalesce(mean_claim, mean_worth, 0) as claim_worth
    from means
),

-- What the platform claims of all it could; one that claims more leaves nothing out, and none
-- leaves out more than all. Of a day whose claims nobody knows, as those before the history, it may
-- have claimed everything.
usual as (
    select
        *,
        cast(expected + stepped_conversions as double) as claimable,
        coalesce(
            least(
                greatest(
                    cast(
                        sum(case when is_known then expected - rest_conversions end)
                            {{ half_a_year_before }}
                        as double
                    )
                    / nullif(
                        cast(
                            sum(case when is_known then expected + stepped_conversions end)
                                {{ half_a_year_before }}
                            as double
                        ),
                        0
                    ),
                    0
                ),
                1
            ),
            0
        ) as left_out_share
    from valued
),

-- What is left out scatters as what is unseen does, in proportion.
foreseen as (
    select
        *,
        cast(round(-left_out_share * greatest(claimable, 0), 6) as decimal(38, 6)) as left_out,
        cast(most - expected as double) * sqrt(
            1 + coalesce(
                left_out_share * (1 - left_out_share)
                * greatest(claimable, 0) / nullif(cast(expected as double), 0),
                0
            )
        ) as likely
    from usual
),

above as (
    select
        *,
        rest_conversions - expected - left_out as excess
    from foreseen
),

weighed as (
    select
        *,
        excess > likely
        or cast(sum(excess) {{ week }} as double)
        > {{ deviations_of_week }} / 2.0 * sqrt(sum(likely * likely) {{ week }})
            as is_unlikely
    from above
),

judged as (
    select
        *,
        case
            when is_named then rest_conversions
            when is_unlikely then greatest(excess, 0)
            else 0
        end as without_cause,
        case
            when is_named then 0
            else left_out + least(excess, 0)
        end as unreported_conversions
    from weighed
),

doubled as (
    select
        *,
        case when is_named then 0 else least(without_cause, repeated_conversions) end
            as duplicate_firing_conversions
    from judged
),

final as (
    select
        report_date,
        platform,
        account_id,
        goal,
        campaigns,
        clicked_conversions,
        rest_conversions,
        surplus_conversions,
        deficit_conversions,
        duplicate_firing_conversions,
        without_cause - duplicate_firing_conversions as unexplained_conversions,
        unreported_conversions,
        beyond_window_conversions,
        conversion_worth,
        claim_worth
    from doubled
)

select * from final
