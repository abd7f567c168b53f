{{ config(materialized="table") }}

-- The account of what a platform reports outside campaigns, where a row does not say: its only one.
with seen as (
    select
        platform,
        account_id
    from {{ ref("shape_ad_performance") }}
    union
    select
        platform,
        account_id
    from {{ ref("shape_account_spend") }}
    union
    select
        platform,
        account_id
    from {{ ref("int_claims__keys") }}
),

final as (
    select
        platform,
        min(account_id) as account_id
    from seen
    group by platform
    having count(distinct account_id) = 1
)

select * from final
