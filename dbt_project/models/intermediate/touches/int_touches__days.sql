{{ config(
    materialized="incremental",
    incremental_strategy="delete+insert",
    unique_key=["touch_type", "record_date"],
    on_schema_change="fail",
) }}

-- What the touches of each day read as, in one number. Everything of them is in it: new visits, a
-- click landed late, a campaign renamed, a record matched to a visit now; nobody keeps a list of
-- reasons. A day that reads differently from what was held is marked with the build.
with build as (
    select build_id from {{ source("trueup", "build") }}
),

current_days as (
    select
        touch_type,
        record_date,
        {{ rows_digest([
            "content_digest",
            "channel",
            "platform",
            "account_id",
            "campaign_id",
            "ad_group_id",
            "ad_id",
            "campaign_match_method",
            "source",
            "medium",
            "campaign_name",
            "source_kind",
            "default_channel",
        ]) }} as digest
    from {{ ref("int_touches__resolved") }}
    group by touch_type, record_date
),

previous_days as (
    {% if is_incremental() %}
        select
            touch_type,
            record_date,
            digest
        from {{ this }}
    {% else %}
        select * from current_days
        where false
    {% endif %}
),

final as (
    select
        coalesce(current_days.touch_type, previous_days.touch_type) as touch_type,
        coalesce(current_days.record_date, previous_days.record_date) as record_date,
        current_days.digest,
        build.build_id as changed_by_build_id
    from current_days
    full outer join previous_days
        on
            current_days.touch_type = previous_days.touch_type
            and current_days.record_date = previous_days.record_date
    cross join build
    where
        previous_days.record_date is null
        or current_days.digest is distinct from previous_days.digest
)

select * from final
