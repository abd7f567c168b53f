{{ config(materialized="table") }}

-- Per definition, campaign and day what is claimed of an action that several goals share, and of
-- each of the goals the conversions that it can be of (`matched`): those whose last touch of the
-- platform, found by click id, browser or customer, is of the campaign, within the window and on
-- the day that the definition dates them by; of a deal, that of its opening as in
-- int_reconciliation__touched. All that `happened` stands beside it, under no campaign.
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

final as (
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
)

select * from final
