{{ config(materialized="table") }}

-- What is left of a claim after all that single conversions and the claims themselves say, judged
-- per account, goal and day, and shared out to its campaigns. First what one campaign has too many
-- and another of the account too few. Then what is expected: so many are unseen, and as large a
-- part of all that could be claimed as ever is left out. Less than that is left out too. More is
-- chance up to what is likely of a day, and unseen; where it is more than likely of the day or, by
-- three deviations, of the week around it, claims are as many as events were sent twice, and then
-- unexplained. One tag tells of clicks and of views: as large a part of the views was sent twice.
-- Where a platform names its orders, all of it is unexplained. Conversions are judged, their money
-- follows: each is worth what ours are, a claim of none what the platform says of its claims. What
-- is left of the money is claims of another value than their conversions: the valuation.
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
        sum(rest_conversions) as whole,
        sum(greatest(rest_conversions, 0)) as above,
        sum(least(rest_conversions, 0)) as below,
        sum(stepped_conversions) as stepped,
        sum(greatest(clicked_conversions, 0)) as clicked,
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
        end as beyond_window,
        round(wholes.clicked * coalesce(repeated.repeated_share, 0), 6) as repeated
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
            / nullif(cast(greatest(sum(stepped) {{ quarter_before }}, 0) as double), 0),
            cast(sum(unseen_amount) {{ quarter_before }} as double)
            / nullif(cast(sum(unseen_conversions) {{ quarter_before }} as double), 0)
        ) as mean_worth,
        cast(sum(clicked_amount) {{ quarter_before }} as double)
        / nullif(cast(sum(clicked) {{ quarter_before }} as double), 0) as mean_claim
    from bounded
),

valued as (
    select
        *,
        coalesce(mean_worth, mean_claim, 0) as worth,
        coalesce(mean_claim, mean_worth, 0) as claim_worth
    from means
),

-- What the platform claims of all it could; one that claims more leaves nothing out, and none
-- leaves out more than all. Of a day whose claims nobody knows, as those before the history, it may
-- have claimed everything.
usual as (
    select
        *,
        cast(expected + stepped as double) as claimable,
        coalesce(
            least(
                greatest(
                    cast(
                        sum(case when is_known then expected - whole end) {{ half_a_year_before }}
                        as double
                    )
                    / nullif(
                        cast(
                            sum(case when is_known then expected + stepped end)
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
        whole - expected - left_out as excess
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
            when is_named then whole
            when is_unlikely then greatest(excess, 0)
            else 0
        end as without_cause,
        case
            when is_named then 0
            else left_out + least(excess, 0)
        end as unreported
    from weighed
),

-- Of each campaign its part of what is left, and where nothing is, the same of all.
shared as (
    select
        cells.report_date,
        cells.platform,
        cells.account_id,
        cells.goal,
        cells.campaign_id,
        cells.rest_conversions as rest,
        cells.rest_amount,
        coalesce(cells.view_through_conversions, 0) as views,
        coalesce(cells.view_through_amount, 0) as views_amount,
        judged.whole,
        judged.clicked,
        judged.worth,
        case
            when cells.clicked_conversions > 0
                then
                    cast(cells.clicked_amount as double)
                    / cast(cells.clicked_conversions as double)
            else judged.claim_worth
        end as claim_worth,
        case when judged.is_named then 0 else least(judged.without_cause, judged.repeated) end
            as duplicate_firing,
        judged.without_cause,
        judged.unreported,
        judged.beyond_window,
        case
            when judged.whole > 0
                then
                    cast(greatest(cells.rest_conversions, 0) as double)
                    / cast(judged.above as double)
            when judged.whole < 0
                then
                    cast(least(cells.rest_conversions, 0) as double)
                    / cast(judged.below as double)
            else cast(1 as double) / judged.campaigns
        end as campaign_share
    from cells
    inner join judged
        on
            cells.report_date = judged.report_date
            and cells.platform = judged.platform
            and cells.account_id = judged.account_id
            and cells.goal = judged.goal
),

split as (
    select
        *,
        cast(round(cast(whole as double) * campaign_share, 6) as decimal(38, 6)) as own,
        cast(round(cast(duplicate_firing as double) * campaign_share, 6) as decimal(38, 6))
            as doubled_conversions,
        coalesce(
            cast(duplicate_firing as double) / nullif(cast(clicked as double), 0), 0
        ) as doubled_share,
        cast(
            round(cast(without_cause - duplicate_firing as double) * campaign_share, 6)
            as decimal(38, 6)
        ) as unexplained_conversions,
        cast(round(cast(unreported as double) * campaign_share, 6) as decimal(38, 6))
            as unreported_conversions,
        cast(round(cast(-beyond_window as double) * campaign_share, 6) as decimal(38, 6))
            as window_conversions
    from shared
),

-- Rounded parts leave a last digit, which is of what is unseen.
counted as (
    select
        *,
        rest - own as other_campaigns_conversions,
        own
        - doubled_conversions
        - unexplained_conversions
        - unreported_conversions
        - window_conversions as unseen_conversions
    from split
),

worth_so_much as (
    select
        *,
        cast(round(cast(other_campaigns_conversions as double) * worth, 6) as decimal(38, 6))
            as other_campaigns_amount,
        cast(round(cast(doubled_conversions as double) * claim_worth, 6) as decimal(38, 6))
            as doubled_amount,
        cast(round(cast(views as double) * doubled_share, 6) as decimal(38, 6))
            as doubled_views_conversions,
        cast(round(cast(views_amount as double) * doubled_share, 6) as decimal(38, 6))
            as doubled_views_amount,
        cast(round(cast(unseen_conversions as double) * worth, 6) as decimal(38, 6))
            as unseen_amount,
        cast(round(cast(window_conversions as double) * worth, 6) as decimal(38, 6))
            as window_amount,
        cast(round(cast(unreported_conversions as double) * worth, 6) as decimal(38, 6))
            as unreported_amount,
        cast(round(cast(unexplained_conversions as double) * claim_worth, 6) as decimal(38, 6))
            as unexplained_amount
    from counted
),

final as (
    select
        report_date,
        platform,
        account_id,
        goal,
        campaign_id,
        {{ each_measure("other_campaigns_<m>") }},
        {{ each_measure("doubled_<m> + doubled_views_<m> as duplicate_firing_<m>") }},
        {{ each_measure("doubled_views_<m>") }},
        {{ each_measure("unseen_<m>") }},
        {{ each_measure("window_<m>") }},
        {{ each_measure("unreported_<m>") }},
        {{ each_measure("unexplained_<m>") }},
        rest_amount
        - other_campaigns_amount
        - doubled_amount
        - unseen_amount
        - window_amount
        - unreported_amount
        - unexplained_amount as valuation_amount
    from worth_so_much
)

select * from final
