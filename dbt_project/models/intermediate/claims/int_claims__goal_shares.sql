{{ config(materialized="table") }}

-- How the claims of an action that several goals share are divided among them, per definition,
-- campaign and day. First each goal has the conversions that its claims can be of. What is left has
-- none that anybody can name. It is divided as those of the quarter before were: the campaign's, or
-- where it has few, the account's, or all of the goals. Each of these counts as much as one
-- conversion of the narrower one.
with goals as (
    select * from {{ ref("int_claims__shared_goals") }}
),

days as (
    select * from {{ ref("int_claims__goal_days") }}
),

known as (
    select
        *,
        sum(matched) over of_campaign as campaign_matched,
        sum(matched) over of_account as account_matched,
        sum(happened) over of_account as all_happened
    from days
    window
        of_campaign as (
            partition by action_key, definition_key, campaign_id, goal
            order by claim_date
            range between interval 90 days preceding and current row
        ),
        of_account as (
            partition by action_key, definition_key, goal
            order by claim_date
            range between interval 90 days preceding and current row
        )
),

-- All goals of a campaign and day beside each other: a day has a row of each, or of none.
summed as (
    select
        *,
        sum(matched) over of_day as day_matched,
        sum(campaign_matched) over of_day as campaign_total,
        sum(account_matched) over of_day as account_total,
        sum(all_happened) over of_day as all_total,
        count(*) over of_day as goal_count
    from known
    where claimed_conversions is not null
    window of_day as (partition by action_key, definition_key, campaign_id, claim_date)
),

usual as (
    select
        *,
        (
            campaign_matched
            + (
                account_matched
                + (all_happened + 1.0 / goal_count) / cast(all_total + 1 as double)
            ) / cast(account_total + 1 as double)
        ) / cast(campaign_total + 1 as double) as usual_share
    from summed
),

shared as (
    select
        *,
        case
            when claimed_conversions <= 0 then usual_share
            when day_matched >= claimed_conversions
                then cast(matched as double) / cast(day_matched as double)
            else
                (matched + cast(claimed_conversions - day_matched as double) * usual_share)
                / cast(claimed_conversions as double)
        end as goal_share
    from usual
),

-- Of a number, each goal has what lies between two shares of it, so that rounded parts add up.
laid_out as (
    select
        *,
        sum(goal_share) over of_day as until_share,
        row_number() over of_day as place
    from shared
    window
        of_day as (
            partition by action_key, definition_key, campaign_id, claim_date
            order by goal
        )
),

final as (
    select
        laid_out.action_key,
        laid_out.definition_key,
        laid_out.campaign_id,
        laid_out.claim_date,
        laid_out.goal,
        goals.tier,
        goals.is_headline,
        cast(
            case
                when laid_out.place = 1 then 0 else laid_out.until_share - laid_out.goal_share
            end as decimal(18, 12)
        ) as since_share,
        cast(
            case
                when laid_out.place = laid_out.goal_count then 1 else laid_out.until_share
            end as decimal(18, 12)
        ) as until_share
    from laid_out
    inner join goals
        on laid_out.action_key = goals.action_key and laid_out.goal = goals.goal
)

select * from final
