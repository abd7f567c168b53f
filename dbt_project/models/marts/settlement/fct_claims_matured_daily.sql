-- Goals are added up after each was corrected; their errors have nothing to do with one another, so
-- what they come to together is less uncertain than each.
with matured as (
    select * from {{ ref("int_settlement__matured") }}
),

added as (
    select
        report_date,
        platform,
        account_id,
        campaign_id,
        measure,
        max(age) as age,
        max(mature_from_age) as mature_from_age,
        sum(known) as known,
        sum(expected) as expected,
        count(*) = count(expected) as is_expected,
        sum((expected - low) * (expected - low)) as low_squares,
        count(*) = count(low) as has_low,
        sum((high - expected) * (high - expected)) as high_squares,
        count(*) = count(high) as has_high
    from matured
    group by report_date, platform, account_id, campaign_id, measure
),

bounded as (
    select
        report_date,
        platform,
        account_id,
        campaign_id,
        measure,
        age,
        mature_from_age,
        known,
        case when is_expected then expected end as expected,
        case
            when is_expected and has_low
                then greatest(expected - sqrt(low_squares), least(expected, 0))
        end as low,
        case when is_expected and has_high then expected + sqrt(high_squares) end as high
    from added
),

settings as (
    select settled_after_days from {{ source("company", "settings") }}
),

pivoted as (
    select
        bounded.report_date,
        bounded.platform,
        bounded.account_id,
        bounded.campaign_id,
        max(bounded.age) as age,
        max(coalesce(bounded.mature_from_age, settings.settled_after_days)) as mature_from_age,
        cast(
            max(case when bounded.measure = 'conversions' then bounded.known end) as decimal(18, 6)
        ) as claimed_conversions,
        cast(
            max(
                case when bounded.measure = 'conversions' then bounded.expected end
            ) as decimal(18, 6)
        ) as expected_conversions,
        cast(
            max(case when bounded.measure = 'conversions' then bounded.low end) as decimal(18, 6)
        ) as expected_conversions_low,
        cast(
            max(case when bounded.measure = 'conversions' then bounded.high end) as decimal(18, 6)
        ) as expected_conversions_high,
        cast(
            max(case when bounded.measure = 'amount' then bounded.known end) as decimal(38, 6)
        ) as claimed_amount,
        cast(
            max(case when bounded.measure = 'amount' then bounded.expected end) as decimal(38, 6)
        ) as expected_amount,
        cast(
            max(case when bounded.measure = 'amount' then bounded.low end) as decimal(38, 6)
        ) as expected_amount_low,
        cast(
            max(case when bounded.measure = 'amount' then bounded.high end) as decimal(38, 6)
        ) as expected_amount_high
    from bounded
    cross join settings
    group by bounded.report_date, bounded.platform, bounded.account_id, bounded.campaign_id
),

build as (
    select through_date from {{ source("trueup", "build") }}
),

dated as (
    select
        *,
        {{ add_days("report_date", "mature_from_age") }} as mature_from_date
    from pivoted
),

-- Settled by the mart's newest day, as in every other mart, however old the reading is.
final as (
    select
        dated.report_date,
        dated.platform,
        dated.account_id,
        dated.campaign_id,
        cast(dated.age as integer) as age_days,
        dated.mature_from_date <= build.through_date as is_settled,
        dated.mature_from_date,
        dated.claimed_conversions,
        dated.expected_conversions,
        dated.expected_conversions_low,
        dated.expected_conversions_high,
        dated.claimed_amount,
        dated.expected_amount,
        dated.expected_amount_low,
        dated.expected_amount_high
    from dated
    cross join build
)

select * from final
