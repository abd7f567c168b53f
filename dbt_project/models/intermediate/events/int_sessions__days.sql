{{ config(
    materialized="incremental",
    incremental_strategy="replace_days",
    on_schema_change="fail",
    meta={"replaced_from": "int_sessions__changed_days", "replaced_columns": ["record_date"]},
) }}

-- What happened of each visit on each day, described by its first event that says where the visitor
-- came from, else by its first with a page. Words in a link from one page of the company to another
-- (a banner) say nothing of that. Events that only mark a beginning may lack the page before, and
-- pages seen within one batch have one time. Events of browsers that may not be known are counted
-- together, under no session. One aggregation over events read where they were landed: no window,
-- nothing twice. Hosts are read of the few hundred hops from one site to another that there are,
-- and the rest of an address of what describes a visit.
with days_to_read as (
    select record_date from {{ ref("int_sessions__changed_days") }}
    union
    select {{ add_days("record_date", -1) }} as record_date
    from {{ ref("int_events__changed_days") }}
),

changed_days as (
    select record_date from {{ ref("int_sessions__changed_days") }}
),

own as (
    select array_agg(host) as hosts
    from {{ source("company", "own_hosts") }}
),

settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

parameters as (
    select * from {{ ref("link_parameters") }}
),

-- Read by itself, of two columns: events with their addresses would be held to be read twice.
hops as (
    select distinct
        {{ url_origin("page_location") }} as page_origin,
        {{ url_origin(original_url("page_referrer")) }} as referrer_origin
    from {{ ref("shape_events") }}
    {% if is_incremental() %}
        where _day in (select record_date from days_to_read)
    {% endif %}
),

hosts as (
    select
        hops.page_origin,
        hops.referrer_origin,
        {{ is_own_page("hops.referrer_origin", "hops.page_origin", "own.hosts") }} as is_own,
        {{ url_host("hops.page_origin") }} as landing_host,
        {{ url_host("hops.referrer_origin") }} as referrer_host
    from hops
    cross join own
),

read_hops as (
    select
        *,
        case
            when {{ is_foreign_host("referrer_host", "landing_host") }} then referrer_host
        end as foreign_host
    from hosts
),

addressed as (
    select
        *,
        {{ url_origin("page_location") }} as page_origin,
        {{ url_origin(original_url("page_referrer")) }} as referrer_origin
    from {{ ref("shape_events") }}
    {% if is_incremental() %}
        where _day in (select record_date from days_to_read)
    {% endif %}
),

events as (
    select
        source,
        stream,
        session_key,
        _day as record_date,
        case
            when coalesce(click_id, manual_source, manual_campaign_id) is null
                then
                    case
                        when page_location is null then 5
                        when
                            page_referrer is null
                            and event_name in ('session_start', 'first_visit')
                            then 3
                        else 2
                    end
            -- An app's event has no page.
            when page_location is null then 4
            when read_hops.is_own then 2
            -- An app that opens a page is collected as a source without more.
            when click_id is null and manual_medium is null then 1
            else 0
        end as preference,
        coalesce(split_part(page_referrer, '/', 3) = split_part(page_location, '/', 3), false)
            as is_from_same_host,
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
        session_source,
        session_medium,
        session_campaign_id,
        session_manual_source,
        session_manual_medium,
        session_ads_campaign_id,
        session_ads_click_kind,
        session_default_channel,
        first_source,
        first_medium,
        has_analytics_consent,
        has_ads_consent,
        device_category,
        browser,
        country,
        read_hops.landing_host,
        read_hops.foreign_host,
        amount_local,
        _rows
    from addressed
    left join read_hops
        on
            addressed.page_origin is not distinct from read_hops.page_origin
            and addressed.referrer_origin is not distinct from read_hops.referrer_origin
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
                "client_id", "user_id", "page_location", "click_id", "click_id_kind",
                "manual_source", "manual_medium", "manual_campaign_name",
                "manual_campaign_id", "session_source", "session_medium", "session_campaign_id",
                "session_manual_source", "session_manual_medium", "session_ads_campaign_id",
                "session_ads_click_kind",
                "session_default_channel", "first_source", "first_medium",
                "has_analytics_consent", "has_ads_consent", "device_category", "browser", "country",
                "landing_host", "foreign_host",
            ]) }},
            {{ as_struct(["preference", "event_at", "is_from_same_host", "event_key"]) }}
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
        {{ bare_word("pieces.first_event.manual_source") }} as said_source,
        {{ bare_word("pieces.first_event.manual_medium") }} as said_medium,
        {{ bare_word("pieces.first_event.manual_campaign_name") }} as said_campaign,
        {{ hash_key(["pieces.session_key", "pieces.record_date"]) }} as input_key
    from pieces
    left join days_after
        on
            pieces.session_key = days_after.session_key
            and pieces.record_date = days_after.record_date
    {% if is_incremental() %}
        where pieces.record_date in (select record_date from changed_days)
    {% endif %}
),

landings as (
    select
        described.input_key,
        described.first_event.page_location as landing_page,
        described.first_event.click_id,
        described.first_event.click_id_kind,
        described.first_event.foreign_host as referrer_host,
        described.said_source as utm_source
    from described
    where described.is_start
),

links as (
    {{ read_links("landings", "parameters") }}
),

-- What the events system collected of the link counts before what stands in the address. It
-- remembers campaigns of earlier visits: its word for one counts where this visit clicked an ad of
-- that platform.
resolved as (
    select
        described.*,
        case
            when links.click_id_kind is null
                then {{ said_word("described.first_event.click_id") }}
            else links.click_id
        end as click_id,
        coalesce(
            links.click_id_kind,
            {{ said_click_kind(
                "described.first_event.click_id", "described.first_event.click_id_kind"
            ) }}
        ) as click_id_kind,
        described.first_event.landing_host,
        described.first_event.foreign_host,
        coalesce(described.said_source, links.source) as manual_source,
        case
            when described.said_source is null
                then coalesce(described.said_medium, links.medium)
            else described.said_medium
        end as manual_medium,
        case
            when described.said_source is null
                then coalesce(described.said_campaign, links.campaign_name)
            else described.said_campaign
        end as manual_campaign_name,
        coalesce(described.first_event.manual_campaign_id, links.campaign_id)
            as manual_campaign_id,
        coalesce(
            links.ad_campaign_id,
            case
                when
                    coalesce(
                        links.click_source = parameters.link_source,
                        described.first_event.click_id_kind
                        = described.first_event.session_ads_click_kind
                    )
                    then described.first_event.session_ads_campaign_id
            end
        ) as ad_campaign_id
    from described
    left join links on described.input_key = links.input_key
    left join parameters
        on described.first_event.session_ads_click_kind = parameters.parameter
),

final as (
    select
        resolved.input_key as touch_id,
        resolved.source,
        resolved.stream,
        resolved.session_key,
        resolved.record_date,
        resolved.is_start,
        resolved.session_at,
        -- Dear to read of an instant: what counts visits by the hour has them all every day.
        {{ local_hour("resolved.session_at", "settings.reporting_zone") }} as session_hour,
        cast(resolved.event_count as bigint) as event_count,
        cast(resolved.event_amount_local as decimal(38, 6)) as event_amount_local,
        resolved.first_event.client_id,
        resolved.first_event.user_id,
        {{ url_path("resolved.first_event.page_location") }} as landing_page,
        resolved.landing_host,
        resolved.foreign_host,
        resolved.click_id,
        resolved.click_id_kind,
        resolved.manual_source,
        resolved.manual_medium,
        resolved.manual_campaign_name,
        resolved.manual_campaign_id,
        resolved.ad_campaign_id,
        {{ link_key(of_records=false) }} as link_key,
        {{ row_digest(["resolved.session_key", "resolved.session_at", "resolved.first_event"]) }}
            as content_digest,
        resolved.first_event.session_source,
        resolved.first_event.session_medium,
        resolved.first_event.session_campaign_id,
        resolved.first_event.session_manual_source,
        resolved.first_event.session_manual_medium,
        resolved.first_event.session_ads_campaign_id,
        resolved.first_event.session_default_channel,
        resolved.first_event.first_source,
        resolved.first_event.first_medium,
        resolved.first_event.has_analytics_consent,
        resolved.first_event.has_ads_consent,
        resolved.first_event.device_category,
        resolved.first_event.browser,
        resolved.first_event.country
    from resolved
    cross join settings
)

select * from final
