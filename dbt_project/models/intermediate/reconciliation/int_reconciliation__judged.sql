{{ config(materialized="table") }}

-- What is left of an account's claims of a day, judged. First what is expected: so many are unseen,
-- and as large a part of all that could be claimed as ever is left out. Less than that is left out
-- too. More is chance up to what is likely of a day, and unseen; where it is more than likely of
-- the day or, by three deviations, of the week around it, claims are as many as events were sent
-- twice, and then unexplained. Where a platform names its orders, all of it is. Of goals that share
-- an action a claim may have been given to the wrong one: they are judged together.
{%- set per_account = "partition by platform, account_id, goal_group order by report_date" %}
-- Of days long settled, so that a month of a break is no yardstick of its own.
{%- set half_a_year_before -%}
    over ({{ per_account }}
    range between interval 210 days preceding and interval 30 days preceding)
{%- endset %}
{%- set week -%}
    over ({{ per_account }} range between interval 3 days preceding and interval 3 days following)
{%- endset %}
{%- set deviations_of_week = 3 %}

with goals as (
    select * from {{ ref("int_reconciliation__expected") }}
),

known_days as (
    select
        platform,
        claim_date
    from {{ ref("int_claims__known_days") }}
),

-- What goals may have more than expected scatters apart.
grouped as (
    select
        report_date,
        platform,
        account_id,
        goal_group,
        bool_or(is_named) as is_named,
        sum(campaigns) as campaigns,
        sum(rest_conversions) as rest_conversions,
        sum(surplus_conversions) as surplus_conversions,
        sum(deficit_conversions) as deficit_conversions,
        sum(stepped_conversions) as stepped_conversions,
        sum(clicked_conversions) as clicked_conversions,
        sum(expected_conversions) as expected,
        sqrt(
            sum(power(cast(most_expected_conversions - expected_conversions as double), 2))
        ) as scatter,
        sum(beyond_window_conversions) as beyond_window_conversions,
        sum(repeated_conversions) as repeated_conversions
    from goals
    group by report_date, platform, account_id, goal_group
),

dated as (
    select
        grouped.*,
        known_days.platform is not null as is_known
    from grouped
    left join known_days
        on
            grouped.platform = known_days.platform
            and grouped.report_date = known_days.claim_date
),

-- What the platform could claim in the half year, and what of it was missing. Of a day whose claims
-- nobody knows, as those before the history, it may have claimed everything.
past as (
    select
        *,
        cast(expected + stepped_conversions as double) as claimable,
        cast(
            sum(case when is_known then expected - rest_conversions end) {{ half_a_year_before }}
            as double
        ) as past_missing,
        cast(
            sum(case when is_known then expected + stepped_conversions end)
                {{ half_a_year_before }}
            as double
        ) as past_claimable
    from dated
),

-- One that claims more than it could leaves nothing out, and none leaves out more than all. One
-- conversion more, which it claimed, keeps a past of one or two from saying that it leaves out all.
usual as (
    select
        *,
        case
            when past_claimable > 0
                then least(greatest(past_missing / (past_claimable + 1), 0), 1)
            else 0
        end as left_out_share
    from past
),

-- What is left out scatters as what is unseen does, in proportion, and is known as well as the past
-- is long: two deviations of each.
foreseen as (
    select
        *,
        cast(round(-left_out_share * greatest(claimable, 0), 6) as decimal(38, 6)) as left_out,
        sqrt(
            power(scatter, 2) * (
                1 + coalesce(
                    left_out_share * (1 - left_out_share)
                    * greatest(claimable, 0) / nullif(cast(expected as double), 0),
                    0
                )
            )
            + 4 * left_out_share * (1 - left_out_share) * power(claimable, 2)
            / (coalesce(greatest(past_claimable, 0), 0) + 1)
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
        goal_group,
        campaigns,
        clicked_conversions,
        rest_conversions,
        surplus_conversions,
        deficit_conversions,
        duplicate_firing_conversions,
        without_cause - duplicate_firing_conversions as unexplained_conversions,
        unreported_conversions,
        beyond_window_conversions
    from doubled
)

select * from final
