{{ config(materialized="table") }}

-- What is left of a claim after all that single conversions and the claims themselves say, judged
-- per account, goal and day, and shared out to its campaigns. First what one campaign has too many
-- and another of the account too few. Of more claims than conversions as many as events were sent
-- twice, then as many as nobody saw the way of; whatever is above that is unexplained. Where a
-- platform names its orders, all of it is. Fewer claims than conversions are conversions it leaves
-- out.
with cells as (
    select
        report_date,
        platform,
        account_id,
        goal,
        campaign_id,
        rest_conversions,
        greatest(
            claimed_conversions - view_through_conversions - overlapping_conversions
            - modelled_conversions, 0
        ) as clicked_conversions,
        sum(rest_conversions)
            over (partition by report_date, platform, account_id, goal)
            as whole_conversions,
        sum(greatest(rest_conversions, 0))
            over (partition by report_date, platform, account_id, goal)
            as above_conversions,
        sum(least(rest_conversions, 0)) over (partition by report_date, platform, account_id, goal)
            as below_conversions,
        rest_amount,
        greatest(
            claimed_amount - view_through_amount - overlapping_amount
            - modelled_amount, 0
        ) as clicked_amount,
        sum(rest_amount)
            over (partition by report_date, platform, account_id, goal)
            as whole_amount,
        sum(greatest(rest_amount, 0)) over (partition by report_date, platform, account_id, goal)
            as above_amount,
        sum(least(rest_amount, 0)) over (partition by report_date, platform, account_id, goal)
            as below_amount
    from {{ ref("int_reconciliation__cells") }}
),

named as (
    select distinct
        platform,
        account_id
    from {{ ref("int_reconciliation__named") }}
),

bounds as (
    select * from {{ ref("int_reconciliation__bounds") }}
),

clicked as (
    select
        report_date,
        platform,
        account_id,
        goal,
        sum(clicked_conversions) as conversions,
        sum(clicked_amount) as amount
    from cells
    group by report_date, platform, account_id, goal
),

bounded as (
    select
        cells.*,
        named.platform is not null as is_named,
        case
            when named.platform is not null then 0
            else least(
                greatest(cells.whole_conversions, 0),
                round(clicked.conversions * coalesce(bounds.doubled_share, 0), 6)
            )
        end as doubled_conversions,
        case
            when named.platform is not null then 0 else coalesce(bounds.unseen_conversions, 0)
        end
            as unseen_conversions,
        cast(
            case
                when cells.whole_conversions > 0
                    then
                        cast(greatest(cells.rest_conversions, 0) as double)
                        / cast(cells.above_conversions as double)
                when cells.whole_conversions < 0
                    then
                        cast(least(cells.rest_conversions, 0) as double)
                        / cast(cells.below_conversions as double)
                else 0
            end as double
        ) as share_conversions,
        case
            when named.platform is not null then 0
            else least(
                greatest(cells.whole_amount, 0),
                round(clicked.amount * coalesce(bounds.doubled_share, 0), 6)
            )
        end as doubled_amount,
        case
            when named.platform is not null then 0 else coalesce(bounds.unseen_amount, 0)
        end
            as unseen_amount,
        cast(
            case
                when cells.whole_amount > 0
                    then
                        cast(greatest(cells.rest_amount, 0) as double)
                        / cast(cells.above_amount as double)
                when cells.whole_amount < 0
                    then
                        cast(least(cells.rest_amount, 0) as double)
                        / cast(cells.below_amount as double)
                else 0
            end as double
        ) as share_amount
    from cells
    inner join clicked
        on
            cells.report_date = clicked.report_date
            and cells.platform = clicked.platform
            and cells.account_id = clicked.account_id
            and cells.goal = clicked.goal
    left join named
        on cells.platform = named.platform and cells.account_id = named.account_id
    left join bounds
        on
            cells.report_date = bounds.report_date
            and cells.platform = bounds.platform
            and cells.account_id = bounds.account_id
            and cells.goal = bounds.goal
),

judged as (
    select
        *,
        case
            when is_named then whole_conversions
            else greatest(
                whole_conversions - doubled_conversions - unseen_conversions, 0
            )
        end as unexplained_whole_conversions,
        case
            when is_named then whole_amount
            else greatest(
                whole_amount - doubled_amount - unseen_amount, 0
            )
        end as unexplained_whole_amount
    from bounded
),

split as (
    select
        *,
        cast(round(cast(whole_conversions as double) * share_conversions, 6) as decimal(38, 6))
            as own_conversions,
        cast(round(cast(doubled_conversions as double) * share_conversions, 6) as decimal(38, 6))
            as duplicate_conversions,
        cast(
            round(cast(unexplained_whole_conversions as double) * share_conversions, 6) as decimal(
                38, 6
            )
        )
            as unexplained_conversions,
        cast(round(cast(whole_amount as double) * share_amount, 6) as decimal(38, 6))
            as own_amount,
        cast(round(cast(doubled_amount as double) * share_amount, 6) as decimal(38, 6))
            as duplicate_amount,
        cast(round(cast(unexplained_whole_amount as double) * share_amount, 6) as decimal(38, 6))
            as unexplained_amount
    from judged
),

final as (
    select
        report_date,
        platform,
        account_id,
        goal,
        campaign_id,
        rest_conversions - own_conversions as other_campaigns_conversions,
        duplicate_conversions,
        greatest(own_conversions - duplicate_conversions - unexplained_conversions, 0)
            as unseen_conversions,
        least(own_conversions - duplicate_conversions - unexplained_conversions, 0)
            as unreported_conversions,
        unexplained_conversions,
        rest_amount - own_amount as other_campaigns_amount,
        duplicate_amount,
        greatest(own_amount - duplicate_amount - unexplained_amount, 0)
            as unseen_amount,
        least(own_amount - duplicate_amount - unexplained_amount, 0)
            as unreported_amount,
        unexplained_amount
    from split
)

select * from final
