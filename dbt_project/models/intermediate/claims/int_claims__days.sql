{{ config(
    materialized="incremental",
    incremental_strategy="delete+insert",
    unique_key="claim_date",
    on_schema_change="fail",
) }}

-- What the claims of each day read as, in one number, as int_touches__days has it of touches. The
-- key stands for all of a claim that never changes; the rest of it is named here.
with build as (
    select build_id from {{ source("trueup", "build") }}
),

current_days as (
    select
        claim_date,
        {{ rows_digest([
            "claim_key",
            "account_id",
            "action_name",
            "goal",
            "tier",
            "definition_key",
            "is_headline",
            "claimed_conversions",
            "claimed_amount_local",
            "claimed_amount",
            "load_id",
            "valid_from",
        ]) }} as digest
    from {{ ref("int_claims__current") }}
    group by claim_date
),

previous_days as (
    {% if is_incremental() %}
        select
            claim_date,
            digest
        from {{ this }}
    {% else %}
        select * from current_days
        where false
    {% endif %}
),

final as (
    select
        coalesce(current_days.claim_date, previous_days.claim_date) as claim_date,
        current_days.digest,
        build.build_id as changed_by_build_id
    from current_days
    full outer join previous_days on current_days.claim_date = previous_days.claim_date
    cross join build
    where
        previous_days.claim_date is null
        or current_days.digest is distinct from previous_days.digest
)

select * from final
