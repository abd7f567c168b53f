{{ config(
    materialized="incremental",
    incremental_strategy="delete+insert",
    unique_key=["conversion_date"],
    on_schema_change="fail",
) }}

-- What the journeys of each day's conversions read as, and what is shared out among their touches,
-- in one number: touches are cheap to find and dear to credit. Everything that fct_journeys
-- and fct_attribution are made of is in it. A day that reads differently from what was held is
-- marked with the build.
with build as (
    select build_id from {{ source("trueup", "build") }}
),

contents as (
    select
        conversion_date,
        {{ row_digest([
            "conversion_id",
            "goal",
            "tier",
            "journey_ended_by",
            "touch_id",
            "touch_at",
            "channel",
            "platform",
            "account_id",
            "campaign_id",
            "ad_group_id",
            "ad_id",
            "is_direct",
        ]) }} as digest
    from {{ ref("int_attribution__candidates") }}
    union all
    select
        conversions.conversion_date,
        {{ row_digest([
            "amounts.conversion_id",
            "amounts.revenue_amount",
            "amounts.margin_amount",
        ]) }} as digest
    from {{ ref("int_attribution__amounts") }} as amounts
    inner join {{ ref("int_conversions__unioned") }} as conversions
        on amounts.conversion_id = conversions.conversion_id
),

current_days as (
    select
        conversion_date,
        sum(cast(digest as decimal(38, 0))) as digest
    from contents
    group by conversion_date
),

previous_days as (
    {% if is_incremental() %}
        select
            conversion_date,
            digest
        from {{ this }}
    {% else %}
        select * from current_days
        where false
    {% endif %}
),

final as (
    select
        coalesce(current_days.conversion_date, previous_days.conversion_date)
            as conversion_date,
        current_days.digest,
        build.build_id as changed_by_build_id
    from current_days
    full outer join previous_days
        on current_days.conversion_date = previous_days.conversion_date
    cross join build
    where
        previous_days.conversion_date is null
        or current_days.digest is distinct from previous_days.digest
)

select * from final
