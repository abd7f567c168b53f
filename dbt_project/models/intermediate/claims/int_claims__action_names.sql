{{ config(
    materialized="incremental",
    incremental_strategy="delete+insert",
    unique_key="action_name_key",
    on_schema_change="fail",
) }}

-- Every name an action of a platform was ever called by in landed claims, and through which day.
with landed as (
    select
        {{ hash_key(["action_key", "action_name"]) }} as action_name_key,
        action_key,
        source,
        feed,
        platform,
        account_id,
        action_id,
        action_name,
        min(claim_date) as first_claim_date,
        max(claim_date) as last_claim_date,
        max(committed_at) as last_named_at
    from {{ ref("int_claims__unioned") }}
    group by all
),

known as (
    {% if is_incremental() %}
        select * from {{ this }}
        where action_name_key in (select action_name_key from landed)
    {% else %}
        select * from landed
        where false
    {% endif %}
),

unioned as (
    select * from landed
    union all
    select * from known
),

final as (
    select
        action_name_key,
        action_key,
        source,
        feed,
        platform,
        account_id,
        action_id,
        action_name,
        min(first_claim_date) as first_claim_date,
        max(last_claim_date) as last_claim_date,
        max(last_named_at) as last_named_at
    from unioned
    group by
        action_name_key,
        action_key,
        source,
        feed,
        platform,
        account_id,
        action_id,
        action_name
)

select * from final
