{{ config(materialized="table") }}

-- What is left of a claim after all that single conversions and the claims themselves say, judged
-- per account, goal and day, and shared out to its campaigns; conversions and their amount alike, a
-- row of each. First what one campaign has too many and another of the account too few. Then what
-- is expected: so many are unseen, and as large a part of all that could be claimed as ever is left
-- out. Less than that is left out too. More is chance up to what is likely of a day, and unseen;
-- where it is more than likely of the day or, by three deviations, of the week around it, claims
-- are as many as events were sent twice, and then unexplained. Where a platform names its orders,
-- all of it is.
{%- set per_account = "partition by platform, account_id, goal, measure order by report_date" %}
-- Of days long settled, so that a month of a break is no yardstick of its own.
{%- set half_a_year_before -%}
    over ({{ per_account }}
    range between interval 210 days preceding and interval 30 days preceding)
{%- endset %}
{%- set week -%}
    over ({{ per_account }} range between interval 3 days preceding and interval 3 days following)
{%- endset %}
{%- set deviations_of_week = 3 %}

with cells as (
    select
        report_date,
        platform,
        account_id,
        goal,
        campaign_id,
        'conversions' as measure,
        rest_conversions as rest,
        stepped_conversions as stepped,
        clicked_conversions as clicked
    from {{ ref("int_reconciliation__cells") }}
    union all
    select
        report_date,
        platform,
        account_id,
        goal,
        campaign_id,
        'amount' as measure,
        rest_amount as rest,
        stepped_amount as stepped,
        clicked_amount as clicked
    from {{ ref("int_reconciliation__cells") }}
),

unseen as (
    select
        report_date,
        platform,
        account_id,
        goal,
        'conversions' as measure,
        unseen_conversions as expected,
        most_unseen_conversions as most
    from {{ ref("fct_unseen_daily") }}
    union all
    select
        report_date,
        platform,
        account_id,
        goal,
        'amount' as measure,
        unseen_amount as expected,
        most_unseen_amount as most
    from {{ ref("fct_unseen_daily") }}
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

wholes as (
    select
        report_date,
        platform,
        account_id,
        goal,
        measure,
        sum(rest) as whole,
        sum(greatest(rest, 0)) as above,
        sum(least(rest, 0)) as below,
        sum(stepped) as stepped,
        sum(greatest(clicked, 0)) as clicked,
        count(*) as campaigns
    from cells
    group by report_date, platform, account_id, goal, measure
),

bounded as (
    select
        wholes.*,
        named.platform is not null as is_named,
        case when named.platform is null then coalesce(unseen.expected, 0) else 0 end as expected,
        case when named.platform is null then coalesce(unseen.most, 0) else 0 end as most,
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
            and wholes.measure = unseen.measure
    left join repeated
        on
            wholes.report_date = repeated.report_date
            and wholes.platform = repeated.platform
            and wholes.account_id = repeated.account_id
            and wholes.goal = repeated.goal
),

-- What the platform claims of all it could; one that claims more leaves nothing out.
usual as (
    select
        *,
        cast(expected + stepped as double) as claimable,
        coalesce(
            greatest(
                cast(sum(expected - whole) {{ half_a_year_before }} as double)
                / nullif(cast(sum(expected + stepped) {{ half_a_year_before }} as double), 0),
                0
            ),
            0
        ) as left_out_share
    from bounded
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
        cells.measure,
        cells.rest,
        judged.whole,
        case when judged.is_named then 0 else least(judged.without_cause, judged.repeated) end
            as duplicate_firing,
        judged.without_cause,
        judged.unreported,
        case
            when judged.whole > 0
                then cast(greatest(cells.rest, 0) as double) / cast(judged.above as double)
            when judged.whole < 0
                then cast(least(cells.rest, 0) as double) / cast(judged.below as double)
            else cast(1 as double) / judged.campaigns
        end as campaign_share
    from cells
    inner join judged
        on
            cells.report_date = judged.report_date
            and cells.platform = judged.platform
            and cells.account_id = judged.account_id
            and cells.goal = judged.goal
            and cells.measure = judged.measure
),

split as (
    select
        report_date,
        platform,
        account_id,
        goal,
        campaign_id,
        measure,
        rest,
        cast(round(cast(whole as double) * campaign_share, 6) as decimal(38, 6)) as own,
        cast(round(cast(duplicate_firing as double) * campaign_share, 6) as decimal(38, 6))
            as duplicate_firing,
        cast(
            round(cast(without_cause - duplicate_firing as double) * campaign_share, 6)
            as decimal(38, 6)
        ) as unexplained,
        cast(round(cast(unreported as double) * campaign_share, 6) as decimal(38, 6))
            as unreported
    from shared
),

-- Rounded parts leave a last digit, which is of what is unseen.
final as (
    select
        report_date,
        platform,
        account_id,
        goal,
        campaign_id,
        measure,
        rest - own as other_campaigns,
        duplicate_firing,
        own - duplicate_firing - unexplained - unreported as unseen,
        unreported,
        unexplained
    from split
)

select * from final
