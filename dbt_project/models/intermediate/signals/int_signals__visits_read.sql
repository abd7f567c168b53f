-- What signals ask of every visit: one the events system knows or, where there is none, one that
-- another system recorded. What a link says in words stands apart from its click id, because what
-- breaks one of them leaves the other.
with sessions as (
    select
        touch_id,
        link_key,
        source as system,
        foreign_host,
        browser,
        session_hour as hour,
        coalesce(manual_source, manual_medium, manual_campaign_name, manual_campaign_id)
        is not null as has_words
    from {{ ref("int_sessions") }}
),

settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

recorded as (
    select
        touches.touch_id,
        touches.link_key,
        'files' as system,
        touches.foreign_host,
        cast(null as {{ dbt.type_string() }}) as browser,
        {{ local_hour("touches.touch_at", "settings.reporting_zone") }} as hour,
        coalesce(
            touches.manual_source,
            touches.manual_medium,
            touches.manual_campaign_name,
            touches.manual_campaign_id
        ) is not null as has_words
    from {{ ref("int_touches__from_files") }} as touches
    cross join settings
    where
        touches.touch_type = 'file_touch'
        and not exists (select sessions.touch_id from sessions)
),

origins as (
    select * from sessions
    union all
    select * from recorded
),

touches as (
    select * from {{ ref("fct_touches") }}
),

-- Only where ads are shown can a link be an ad's.
ads as (
    select distinct platform from {{ ref("fct_ad_performance_daily") }}
),

links as (
    select
        links.link_key,
        ads.platform
    from {{ ref("int_links__known") }} as links
    inner join ads on links.spoken_platform = ads.platform
    where links.is_paid
),

click_ids as (
    select
        click_id_kind,
        min(platform) as platform,
        bool_or(is_click_paid) as is_click_paid
    from {{ source("trueup", "ad_platforms") }}
    where click_id_kind is not null
    group by click_id_kind
),

senders as (
    select * from {{ ref("int_signals__senders") }}
),

buyers as (
    select distinct session_key
    from {{ ref("int_events__conversions") }}
    where journey_type = 'order' and is_reversal is not true and session_key is not null
),

campaign_words as (
    select * from {{ ref("int_signals__campaign_words") }}
),

reached as (
    select * from {{ ref("int_signals__visits_reached") }}
),

final as (
    select
        touches.record_date,
        origins.system,
        coalesce(click_ids.platform, links.platform, '(none)') as platform,
        coalesce(touches.campaign_id, '(unknown)') as campaign,
        touches.channel,
        coalesce(touches.landing_page, '(unknown)') as landing_page,
        coalesce(touches.device_category, '(unknown)') as device,
        coalesce(origins.browser, '(unknown)') as browser,
        coalesce(touches.country, '(unknown)') as country,
        origins.hour,
        click_ids.platform is not null as has_click_id,
        origins.has_words and links.platform is not null as is_paid_by_words,
        -- Some platforms put an id on whatever leads out of them.
        (
            click_ids.platform is not null
            and (click_ids.is_click_paid or links.platform is not null)
        )
        or coalesce(links.platform is not null and origins.has_words, false) as is_paid,
        touches.campaign_id is not null as is_campaign_known,
        case
            when touches.record_date >= campaign_words.judged_from
                then touches.record_date >= campaign_words.usual_from
        end as is_campaign_word_usual,
        coalesce(hosts.is_own or sources.is_own, false) as is_sent_by_own,
        coalesce(hosts.is_payment or sources.is_payment, false) as is_sent_by_payment,
        coalesce(touches.session_default_channel, touches.default_channel) = 'Unassigned'
            as is_unassigned,
        case
            when not touches.is_direct and touches.session_source is not null
                then
                    touches.source != lower(touches.session_source)
                    or touches.medium != coalesce(lower(touches.session_medium), '(not set)')
        end as is_source_different,
        case
            when not touches.is_direct and touches.session_source is not null
                then touches.default_channel != touches.session_default_channel
        end as is_channel_different,
        buyers.session_key is not null as is_buyer,
        coalesce(reached.is_engaged, false) as is_engaged,
        coalesce(reached.has_checkout, false) as has_checkout
    from touches
    inner join origins on touches.touch_id = origins.touch_id
    left join links on origins.link_key = links.link_key
    left join click_ids on touches.click_id_kind = click_ids.click_id_kind
    left join senders as hosts on origins.foreign_host = hosts.name
    left join senders as sources
        on
            touches.session_medium = 'referral'
            and lower(touches.session_source) = sources.name
    left join campaign_words
        on
            touches.campaign_id = campaign_words.campaign_id
            and touches.campaign_name = campaign_words.campaign_name
    left join buyers on touches.session_key = buyers.session_key
    left join reached on touches.session_key = reached.session_key
)

select * from final
