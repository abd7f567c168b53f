{{ config(
    materialized="incremental",
    incremental_strategy="replace_days",
    on_schema_change="fail",
    meta={"replaced_from": "int_sessions__changed_days", "replaced_columns": ["record_date"]},
) }}

-- What happened of each visit on each day, described by its first event that says where the visitor
-- came from, else by its first. Events of browsers that may not be known are counted together,
-- under no session. One aggregation over events read where they were landed: no window, nothing
-- twice.
with days_to_read as (
    select record_date from {{ ref("int_sessions__changed_days") }}
    union
    select {{ add_days("record_date", -1) }} as record_date
    from {{ ref("int_events__changed_days") }}
),

changed_days as (
    select record_date from {{ ref("int_sessions__changed_days") }}
),

events as (
    select
        source,
        stream,
        session_key,
        _day as record_date,
        case
            when click_id is not null then 0
            when manual_source is not null then 0
            when manual_campaign_id is not null then 0
            else 1
        end as preference,
        event_at,
        event_key,
        client_id,
        user_id,
        page_location,
        page_referrer,
        click_id,
        click_id_kind,
        manual_source,
        manual_medium,
        manual_campaign_name,
        manual_campaign_id,
        has_analytics_consent,
        has_ads_consent,
        device_category,
        country,
        amount_local,
        _rows
    from {{ ref("shape_events") }}
    {% if is_incremental() %}
        where _day in (select record_date from days_to_read)
    {% endif %}
),

pieces as (
    select
        source,
        stream,
        session_key,
        record_date,
        min(event_at) as session_at,
        sum(_rows) as event_count,
        sum(amount_local) as event_amount_local,
        min_by(
            {{ as_struct([
                "client_id", "user_id", "page_location", "page_referrer", "click_id",
                "click_id_kind", "manual_source", "manual_medium", "manual_campaign_name",
                "manual_campaign_id", "has_analytics_consent", "has_ads_consent",
                "device_category", "country",
            ]) }},
            {{ as_struct(["preference", "event_at", "event_key"]) }}
        ) as first_event
    from events
    group by source, stream, session_key, record_date
),

-- A visit that goes on past midnight is one visit: the piece of the day after is no start.
days_after as (
    select
        session_key,
        {{ add_days("record_date", 1) }} as record_date
    from pieces
    where session_key is not null
),

described as (
    select
        pieces.source,
        pieces.stream,
        pieces.session_key,
        pieces.record_date,
        pieces.session_key is not null and days_after.session_key is null as is_start,
        pieces.session_at,
        pieces.event_count,
        pieces.event_amount_local,
        pieces.first_event,
        case
            when
                {{ url_host("pieces.first_event.page_referrer") }}
                != coalesce({{ url_host("pieces.first_event.page_location") }}, '')
                then {{ url_host("pieces.first_event.page_referrer") }}
        end as foreign_host
    from pieces
    left join days_after
        on
            pieces.session_key = days_after.session_key
            and pieces.record_date = days_after.record_date
    {% if is_incremental() %}
        where pieces.record_date in (select record_date from changed_days)
    {% endif %}
),

final as (
    select
        described.source,
        described.stream,
        described.session_key,
        described.record_date,
        described.is_start,
        described.session_at,
        cast(described.event_count as bigint) as event_count,
        cast(described.event_amount_local as decimal(38, 6)) as event_amount_local,
        described.first_event.client_id,
        described.first_event.user_id,
        {{ url_path("described.first_event.page_location") }} as landing_page,
        described.foreign_host,
        described.first_event.click_id,
        described.first_event.click_id_kind,
        described.first_event.manual_source,
        described.first_event.manual_medium,
        described.first_event.manual_campaign_name,
        described.first_event.manual_campaign_id,
        {{ hash_key([
            "described.first_event.manual_source",
            "described.first_event.manual_medium",
            "described.first_event.manual_campaign_name",
            "described.first_event.manual_campaign_id",
            "described.first_event.click_id_kind",
            "described.foreign_host",
        ]) }} as link_key,
        {{ row_digest([
            "described.session_key",
            "described.session_at",
            "described.first_event",
        ]) }} as content_digest,
        described.first_event.has_analytics_consent,
        described.first_event.has_ads_consent,
        described.first_event.device_category,
        described.first_event.country
    from described
)

select * from final
