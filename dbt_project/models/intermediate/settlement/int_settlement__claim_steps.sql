-- By how much headline claims of a day rose or fell, at which age: a version counts from the
-- reading it came with to the one that closed it. Only days whose ages are still of use are read.
with bounds as (
    select
        {{ add_days(
            "build.through_date", "-settings.settled_after_days - " ~ settlement_cohorts()
        ) }} as first_cohort_date
    from {{ source("trueup", "build") }} as build
    cross join {{ source("company", "settings") }} as settings
),

claims as (
    select
        claims.claim_version_key,
        claims.platform,
        claims.goal,
        claims.claim_date,
        claims.load_id,
        claims.claimed_conversions,
        claims.claimed_amount
    from {{ ref("int_claims__valued") }} as claims
    where
        claims.is_headline
        and claims.claim_date >= (select first_cohort_date from bounds)
        and not ({{ is_unconverted("claims.claimed_amount_local", "claims.claimed_amount") }})
),

versions as (
    select
        claim_version_key,
        closed_by_load_id
    from {{ ref("int_claims__versions") }}
    where claim_date >= (select first_cohort_date from bounds)
),

readings as (
    select
        load_id,
        source,
        stream,
        load_account,
        read_date
    from {{ ref("int_settlement__readings") }}
),

opened as (
    select
        claims.platform,
        claims.goal,
        claims.claim_date,
        claims.claimed_conversions,
        claims.claimed_amount,
        readings.source,
        readings.stream,
        readings.load_account,
        readings.read_date,
        versions.closed_by_load_id
    from claims
    inner join versions on claims.claim_version_key = versions.claim_version_key
    inner join readings on claims.load_id = readings.load_id
),

steps as (
    select
        source,
        stream,
        load_account,
        platform,
        goal,
        claim_date,
        read_date,
        claimed_conversions,
        claimed_amount
    from opened
    union all
    select
        opened.source,
        opened.stream,
        opened.load_account,
        opened.platform,
        opened.goal,
        opened.claim_date,
        readings.read_date,
        -opened.claimed_conversions as claimed_conversions,
        -opened.claimed_amount as claimed_amount
    from opened
    inner join readings on opened.closed_by_load_id = readings.load_id
),

final as (
    select
        source,
        stream,
        load_account,
        platform,
        goal,
        claim_date as cohort_date,
        {{ days_between("claim_date", "read_date") }} as age,
        sum(claimed_conversions) as conversions,
        sum(claimed_amount) as amount
    from steps
    group by source, stream, load_account, platform, goal, claim_date, read_date
)

select * from final
