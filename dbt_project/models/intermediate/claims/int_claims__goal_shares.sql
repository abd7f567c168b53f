{{ config(materialized="table") }}

-- How the claims of an action that several goals share are divided among them, per definition,
-- campaign and day. First each goal has the conversions that its claims can be of: those whose last
-- touch of the platform, found by click id, browser or customer, is of the campaign, on the day
-- that the definition dates them by; of a deal, that of its opening as in
-- int_reconciliation__touched. What is left has no conversion that anybody can name. It is divided
-- as those of the quarter before were: the campaign's, or where it has few, the account's, or all
-- of the goals. Each of these counts as much as one conversion of the narrower one.
{%- set quarter -%}
    range between interval 90 days preceding and current row
{%- endset %}

with goals as (
    select * from {{ ref("int_claims__shared_goals") }}
),

versions as (
    select
        claims.action_key,
        claims.definition_key,
        claims.platform,
        claims.account_id,
        coalesce(claims.campaign_id, '(unknown)') as campaign_id,
        claims.claim_date,
        claims.date_basis,
        claims.click_window_days,
        claims.is_view_through,
        claims.time_zone,
        case when claims.valid_to is null then claims.claimed_conversions else 0 end
            as claimed_conversions
    from {{ ref("fct_platform_claims_history") }} as claims
    where claims.action_key in (select action_key from goals)
),

definitions as (
    select distinct
        versions.action_key,
        versions.definition_key,
        versions.platform,
        versions.account_id,
        versions.date_basis,
        versions.click_window_days,
        versions.is_view_through,
        versions.time_zone,
        goals.goal
    from versions
    inner join goals on versions.action_key = goals.action_key
),

claimed as (
    select
        versions.action_key,
        versions.definition_key,
        versions.campaign_id,
        versions.claim_date,
        goals.goal,
        sum(versions.claimed_conversions) as claimed_conversions
    from versions
    inner join goals on versions.action_key = goals.action_key
    where goals.mapped_through is null or versions.claim_date <= goals.mapped_through
    group by
        versions.action_key,
        versions.definition_key,
        versions.campaign_id,
        versions.claim_date,
        goals.goal
),

touched as (
    select
        touches.conversion_id,
        touches.platform,
        coalesce(touches.account_id, accounts.account_id) as account_id,
        coalesce(touches.campaign_id, '(unknown)') as campaign_id,
        touches.touch_at
    from {{ ref("int_attribution__last_touches") }} as touches
    left join {{ ref("int_platforms__accounts") }} as accounts
        on touches.platform = accounts.platform
),

conversions as (
    select
        conversion_id,
        goal,
        case when record_type = 'deal' then started_at else conversion_at end as counted_at,
        {{ local_date(
            "case when record_type = 'deal' then started_at else conversion_at end",
            "settings.reporting_zone",
        ) }} as counted_date,
        is_time_known
    from {{ ref("int_conversions__unioned") }}
    cross join {{ source("company", "settings") }} as settings
    where goal in (select goal from goals)
),

-- A view that nobody clicked has no touch.
dated as (
    select
        definitions.action_key,
        definitions.definition_key,
        definitions.goal,
        touched.campaign_id,
        case
            when definitions.date_basis = 'click_date' and definitions.time_zone is not null
                then {{ local_date("touched.touch_at", "definitions.time_zone") }}
            when conversions.is_time_known and definitions.time_zone is not null
                then {{ local_date("conversions.counted_at", "definitions.time_zone") }}
            else conversions.counted_date
        end as claim_date
    from definitions
    inner join conversions on definitions.goal = conversions.goal
    inner join touched
        on
            conversions.conversion_id = touched.conversion_id
            and definitions.platform = touched.platform
            and definitions.account_id = touched.account_id
    where
        not coalesce(definitions.is_view_through, false)
        and (
            definitions.click_window_days is null
            or touched.touch_at
            > conversions.counted_at - definitions.click_window_days * interval '1 day'
        )
),

unioned as (
    select
        action_key,
        definition_key,
        campaign_id,
        claim_date,
        goal,
        claimed_conversions,
        0 as matched,
        0 as happened
    from claimed
    union all
    select
        action_key,
        definition_key,
        campaign_id,
        claim_date,
        goal,
        null as claimed_conversions,
        1 as matched,
        0 as happened
    from dated
    union all
    select
        definitions.action_key,
        definitions.definition_key,
        '(unknown)' as campaign_id,
        conversions.counted_date as claim_date,
        conversions.goal,
        null as claimed_conversions,
        0 as matched,
        1 as happened
    from definitions
    inner join conversions on definitions.goal = conversions.goal
),

days as (
    select
        action_key,
        definition_key,
        campaign_id,
        claim_date,
        goal,
        sum(claimed_conversions) as claimed_conversions,
        sum(matched) as matched,
        sum(happened) as happened
    from unioned
    group by action_key, definition_key, campaign_id, claim_date, goal
),

known as (
    select
        *,
        sum(matched) over (
            partition by action_key, definition_key, campaign_id, goal
            order by claim_date {{ quarter }}
        ) as campaign_matched,
        sum(matched) over (
            partition by action_key, definition_key, goal order by claim_date {{ quarter }}
        ) as account_matched,
        sum(happened) over (
            partition by action_key, definition_key, goal order by claim_date {{ quarter }}
        ) as all_happened
    from days
),

-- All goals of a campaign and day beside each other: a day has a row of each, or of none.
summed as (
    select
        *,
        sum(matched) over (
            partition by action_key, definition_key, campaign_id, claim_date
        ) as day_matched,
        sum(campaign_matched) over (
            partition by action_key, definition_key, campaign_id, claim_date
        ) as campaign_total,
        sum(account_matched) over (
            partition by action_key, definition_key, campaign_id, claim_date
        ) as account_total,
        sum(all_happened) over (
            partition by action_key, definition_key, campaign_id, claim_date
        ) as all_total,
        count(*) over (partition by action_key, definition_key, campaign_id, claim_date)
            as goal_count
    from known
    where claimed_conversions is not null
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
        sum(goal_share) over (
            partition by action_key, definition_key, campaign_id, claim_date order by goal
        ) as until_share,
        row_number() over (
            partition by action_key, definition_key, campaign_id, claim_date order by goal
        ) as place
    from shared
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
