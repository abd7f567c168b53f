{{ config(
    materialized="incremental",
    incremental_strategy="delete+insert",
    unique_key=["system", "signal_date"],
    on_schema_change="fail",
) }}

-- What the visits of each day read as, in one number, as int_touches__days has it of touches:
-- visits are cheap to read and dear to count. All that they are counted by is in it.
with build as (
    select build_id from {{ source("trueup", "build") }}
),

current_days as (
    select
        system,
        record_date as signal_date,
        {{ rows_digest([
            "platform",
            "campaign",
            "channel",
            "landing_page",
            "device",
            "browser",
            "country",
            "hour",
            "has_click_id",
            "is_paid_by_words",
            "is_paid",
            "is_campaign_known",
            "is_sent_by_own",
            "is_sent_by_payment",
            "is_unassigned",
            "is_source_different",
            "is_channel_different",
            "is_buyer",
            "is_engaged",
            "has_checkout",
        ]) }} as digest
    from {{ ref("int_signals__visits_read") }}
    group by system, record_date
),

previous_days as (
    {% if is_incremental() %}
        select
            system,
            signal_date,
            digest
        from {{ this }}
    {% else %}
        select * from current_days
        where false
    {% endif %}
),

final as (
    select
        coalesce(current_days.system, previous_days.system) as system,
        coalesce(current_days.signal_date, previous_days.signal_date) as signal_date,
        current_days.digest,
        build.build_id as changed_by_build_id
    from current_days
    full outer join previous_days
        on
            current_days.system = previous_days.system
            and current_days.signal_date = previous_days.signal_date
    cross join build
    where
        previous_days.signal_date is null
        or current_days.digest is distinct from previous_days.digest
)

select * from final
