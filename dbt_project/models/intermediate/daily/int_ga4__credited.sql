-- GA4's own answer: its strong conversions, each transaction once, by GA4's last-click session
-- source. A campaign's name counts for what it counts in fct_touches.
with events as (
    select
        event_key,
        event_at,
        event_date,
        amount,
        lower(session_source) as source,
        lower(session_medium) as medium,
        session_campaign_name,
        session_campaign_id
    from {{ ref("int_ga4__conversions") }}
    where tier = 'strong' and not is_repeat
),

campaign_ids as (
    select * from {{ ref("int_campaigns__ids") }}
),

campaign_names as (
    select * from {{ ref("int_campaigns__names") }}
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

keyed as (
    select
        *,
        {{ hash_key(["source", "medium", "session_campaign_name"]) }} as input_key
    from events
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
    from keyed
),

ruled as (
    {{ match_channel_rules("inputs", "rules") }}
),

told as (
    select
        keyed.event_key as input_key,
        {{ ad_platform("keyed.source") }} as platform,
        {{ slug("keyed.session_campaign_name") }} as alias,
        keyed.event_at as named_at
    from keyed
    inner join ruled on keyed.input_key = ruled.input_key
    where ruled.is_paid
),

named as (
    {{ match_campaign_names("told", "campaign_names") }}
),

resolved as (
    select
        keyed.*,
        coalesce(campaign_ids.platform, told.platform) as platform,
        coalesce(campaign_ids.campaign_id, named.campaign_id) as campaign_id
    from keyed
    left join campaign_ids on keyed.session_campaign_id = campaign_ids.campaign_id
    left join named on keyed.event_key = named.input_key
    left join told on named.input_key = told.input_key
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
