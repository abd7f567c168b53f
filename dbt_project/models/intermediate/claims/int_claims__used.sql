{{ config(materialized="table") }}

-- Claims of the loads in force, by whether the mart has them. A row that says zero is read and
-- leaves no claim; one nobody can convert is set aside. A claim has a row for every day: its key is
-- looked up among the keys, which is cheaper than to make it anew of every row. A claim that goals
-- share is in the mart in parts.
with claims as (
    select * from {{ ref("shape_claims") }}
    where is_current
),

keys as (
    select * from {{ ref("int_claims__keys") }}
),

mart as (
    select
        claim_key,
        claim_date,
        sum(claimed_amount) as claimed_amount
    from {{ ref("fct_platform_claims") }}
    group by claim_key, claim_date
),

found as (
    select
        claims.*,
        coalesce(claims.claimed_amount_local, 0) = 0 as is_worth_nothing,
        mart.claim_key is not null as is_in_mart,
        mart.claimed_amount
    from claims
    left join keys on {{ same_columns("claims", "keys", claim_columns()) }}
    left join mart
        on keys.claim_key = mart.claim_key and claims.claim_date = mart.claim_date
),

final as (
    select
        source,
        stream,
        _day as day,
        (claimed_conversions = 0 and is_worth_nothing)
        or (is_in_mart and (is_worth_nothing or claimed_amount is not null)) as is_used,
        sum(_rows) as row_count,
        sum(claimed_amount_local) as money
    from found
    group by all
)

select * from final
