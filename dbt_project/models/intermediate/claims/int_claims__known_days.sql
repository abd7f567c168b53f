{{ config(materialized="table") }}

-- Days of which it is known what a platform claims by its headline definition: a load in force
-- covers them. On every other day its claims are unknown, which is not none.
with answering as (
    select distinct
        keys.source,
        keys.stream,
        keys.feed,
        keys.platform
    from {{ ref("fct_platform_claims") }} as claims
    inner join {{ ref("int_claims__keys") }} as keys on claims.claim_key = keys.claim_key
    where claims.is_headline and claims.tier = 'strong'
),

final as (
    select distinct
        answering.platform,
        current_days.day as claim_date
    from answering
    inner join {{ source("trueup", "current_days") }} as current_days
        on
            answering.source = current_days.source
            and answering.stream = current_days.stream
            and (answering.feed is null or answering.feed = current_days.account)
)

select * from final
