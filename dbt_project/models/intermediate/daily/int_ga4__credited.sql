-- GA4's own answer: its strong conversions, each transaction once, by GA4's last-click session
-- source. Link names that came with a campaign id teach which campaign they mean.
with events as (
    select
        event_key,
        event_date,
        amount,
        lower(session_source) as source,
        lower(session_medium) as medium,
        session_campaign_name,
        session_campaign_id
    from {{ ref("int_ga4__conversions") }}
    where tier = 'strong' and not is_repeat
),

aliases as (
    select
        alias,
        platform,
        campaign_id
    from {{ ref("int_campaigns__aliases") }}
),

learned as (
    select
        sessions.campaign_alias as alias,
        min(aliases.platform) as platform,
        min(aliases.campaign_id) as campaign_id
    from {{ ref("int_ga4__sessions") }} as sessions
    inner join aliases on sessions.manual_campaign_id = aliases.alias
    where sessions.campaign_alias is not null
    group by sessions.campaign_alias
    having count(distinct aliases.campaign_id) = 1
),

channels as (
    select
        platform,
        account_id,
        campaign_id,
        channel
    from {{ ref("int_campaigns__channels") }}
),

rules as (
    select * from {{ source("company", "channel_rules") }}
),

resolved as (
    select
        events.*,
        coalesce(by_id.platform, by_name.platform, by_link.platform) as platform,
        coalesce(by_id.campaign_id, by_name.campaign_id, by_link.campaign_id) as campaign_id,
        {{ hash_key(["source", "medium", "session_campaign_name"]) }} as input_key
    from events
    left join aliases as by_id on events.session_campaign_id = by_id.alias
    left join aliases as by_name on {{ slug("events.session_campaign_name") }} = by_name.alias
    left join learned as by_link on {{ slug("events.session_campaign_name") }} = by_link.alias
),

inputs as (
    select distinct
        input_key,
        source,
        medium,
        coalesce(session_campaign_name, '') as campaign_name,
        cast(null as varchar) as click_id_kind,
        cast(null as varchar) as platform,
        cast(null as varchar) as campaign_type
    from resolved
),

ruled as (
    {{ match_channel_rules("inputs", "rules") }}
),

final as (
    select
        resolved.event_date as report_date,
        -- Without consent GA4 has the purchase but no session, hence no source: not a direct visit.
        case
            when resolved.source is null and resolved.campaign_id is null
                then '(observed, unattributed)'
            else coalesce(channels.channel, ruled.channel)
        end as channel,
        resolved.platform,
        channels.account_id,
        resolved.campaign_id,
        1 as ga4_conversions,
        coalesce(resolved.amount, 0) as ga4_amount
    from resolved
    inner join ruled on resolved.input_key = ruled.input_key
    left join channels
        on
            resolved.platform = channels.platform
            and resolved.campaign_id = channels.campaign_id
)

select * from final
