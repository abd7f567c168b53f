{{ config(
    materialized="incremental",
    incremental_strategy="replace_days",
    on_schema_change="fail",
    meta={"replaced_from": "int_events__changed_days", "replaced_columns": ["record_date"]},
) }}

-- Events the company maps to a goal, and those that take such a one back. Those that are a weak
-- goal by themselves are no witnesses of a record.
with visit_goals as (
    select
        source,
        selector
    from {{ source("company", "visit_goals") }}
),

mappings as (
    select
        source,
        selector
    from {{ source("company", "goal_mappings") }}
    where
        (source, selector) not in (
            select
                source,
                selector
            from visit_goals
        )
),

changed_days as (
    select record_date from {{ ref("int_events__changed_days") }}
),

final as (
    select
        source,
        stream,
        event_key,
        event_name,
        event_at,
        event_date,
        client_id,
        user_id,
        session_key,
        transaction_id,
        amount_local,
        currency_code,
        added_amount_local,
        amount_from,
        is_currency_assumed,
        goal_event_name,
        is_reversal,
        property_id,
        session_source,
        session_medium,
        session_campaign_name,
        session_campaign_id,
        has_analytics_consent,
        has_ads_consent,
        _rows,
        _day as record_date,
        _load_id
    from {{ ref("shape_events") }}
    where
        (
            (source, event_name) in (
                select
                    source,
                    selector
                from mappings
            )
            or (source, goal_event_name) in (
                select
                    source,
                    selector
                from mappings
            )
        )
        {% if is_incremental() %}
            and _day in (select record_date from changed_days)
        {% endif %}
)

select * from final
