-- Headline claims of strong goals by campaign and day, and what each goal's curve says they come
-- to. Each goal matures at its own pace, so each is corrected by itself.
with claims as (
    select
        claim_date as report_date,
        platform,
        account_id,
        coalesce(campaign_id, '(unallocated)') as campaign_id,
        goal,
        sum(claimed_conversions) as conversions,
        sum(claimed_amount) as amount
    from {{ ref("fct_platform_claims") }}
    where
        is_headline
        and tier = 'strong'
        and not ({{ is_unconverted("claimed_amount_local", "claimed_amount") }})
    group by claim_date, platform, account_id, coalesce(campaign_id, '(unallocated)'), goal
),

account_ages as (
    select
        system,
        goal,
        load_account,
        cohort_date,
        max(age) as age
    from {{ ref("int_settlement__triangle") }}
    where side = 'claimed'
    group by system, goal, load_account, cohort_date
),

-- Which load an account's claims came with is not known of each: the one read longest ago counts.
ages as (
    select
        system as platform,
        goal,
        cohort_date,
        min(age) as age
    from account_ages
    group by system, goal, cohort_date
),

measures as (
    select 'conversions' as measure
    union all
    select 'amount' as measure
),

measured as (
    select
        claims.report_date,
        claims.platform,
        claims.account_id,
        claims.campaign_id,
        claims.goal,
        ages.age,
        measures.measure,
        cast(
            case measures.measure when 'conversions' then claims.conversions else claims.amount end
            as double
        ) as known
    from claims
    cross join measures
    left join ages
        on
            claims.platform = ages.platform
            and claims.goal = ages.goal
            and claims.report_date = ages.cohort_date
),

curves as (
    select * from {{ ref("fct_settlement") }}
    where side = 'claimed'
),

-- A day that no reading is young enough for has reached the last age.
final as (
    select
        measured.report_date,
        measured.platform,
        measured.account_id,
        measured.campaign_id,
        measured.goal,
        measured.measure,
        measured.age,
        measured.known,
        curves.mature_from_age,
        case
            when measured.age is null then measured.known
            else round(measured.known / nullif(curves.share_known, 0), 6)
        end as expected,
        case
            when measured.age is null then measured.known
            else round({{ ladder_bound(
                "measured.known", "curves.share_known", "curves.unit_variance",
                "curves.share_error", "low"
            ) }}, 6)
        end as low,
        case
            when measured.age is null then measured.known
            else round({{ ladder_bound(
                "measured.known", "curves.share_known", "curves.unit_variance",
                "curves.share_error", "high"
            ) }}, 6)
        end as high
    from measured
    left join curves
        on
            measured.platform = curves.system
            and measured.goal = curves.goal
            and measured.measure = curves.measure
            and coalesce(measured.age, curves.last_age) = curves.age
)

select * from final
