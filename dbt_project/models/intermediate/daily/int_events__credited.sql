-- The own answer of the systems that see events: their strong conversions, each transaction once,
-- by their last-click session source; what was taken back is taken away, and was no conversion. A
-- campaign's name counts for what it counts in fct_touches.
with events as (
    select
        event_key,
        event_at,
        event_date,
        amount,
        is_reversal is true as is_reversal,
        lower(session_source) as source,
        lower(session_medium) as medium,
        session_campaign_name,
        session_campaign_id
    from {{ ref("int_events__conversions") }}
    where tier = 'strong' and not is_repeat
),

campaign_ids as (
    select
        campaign_id,
        platform,
        account_id
    from {{ ref("int_campaigns__ids") }}
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

declared as (
    select * from {{ source("company", "retargeting") }}
),

referrers as (
    select * from {{ ref("int_referrers") }}
),

platforms as (
    select
        platform,
        source_pattern
    from {{ source("trueup", "ad_platforms") }}
),

keyed as (
    select
        *,
        {{ hash_key(["source", "medium", "session_campaign_name"]) }} as input_key
    from events
),

-- What a source is shows where visits came by it.
known as (
    select
        source,
        min(source_kind) as kind
    from {{ ref("int_links") }}
    group by source
),

grouped as (
    select distinct
        keyed.input_key,
        keyed.source,
        keyed.medium,
        keyed.session_campaign_name,
        coalesce(known.kind, referrers.kind) as kind,
        {{ default_channel(
            "keyed.source",
            "keyed.medium",
            "keyed.session_campaign_name",
            "coalesce(known.kind, referrers.kind)",
        ) }} as default_channel
    from keyed
    left join known on keyed.source = known.source
    left join referrers on keyed.source = referrers.host
),

inputs as (
    select
        input_key,
        source,
        medium,
        coalesce(session_campaign_name, '') as campaign_name,
        cast(null as {{ dbt.type_string() }}) as click_id_kind,
        cast(null as {{ dbt.type_string() }}) as platform,
        cast(null as {{ dbt.type_string() }}) as campaign_type,
        false as is_typed,
        {{ standard_channel("default_channel", "source", "medium", "kind") }} as standard_channel
    from grouped
),

ruled as (
    {{ match_channel_rules("inputs", "rules") }}
),

spoken_of as (
    {{ match_ad_platforms("inputs", "platforms") }}
),

-- A name alone means a campaign only where the visit was paid for.
paid as (
    select
        keyed.event_key as input_key,
        spoken_of.platform,
        {{ slug("keyed.session_campaign_name") }} as alias,
        keyed.event_at as named_at
    from keyed
    inner join ruled on keyed.input_key = ruled.input_key
    inner join spoken_of on keyed.input_key = spoken_of.input_key
    where ruled.is_paid
),

named as (
    {{ match_campaign_names("paid", "campaign_names") }}
),

called as (
    select
        inputs.input_key,
        spoken_of.platform,
        cast(null as {{ dbt.type_string() }}) as campaign_id,
        inputs.campaign_name
    from inputs
    inner join spoken_of on inputs.input_key = spoken_of.input_key
    inner join ruled on inputs.input_key = ruled.input_key
    where ruled.is_paid
),

retargeted as (
    {{ match_retargeting("called", "declared") }}
),

resolved as (
    select
        keyed.*,
        coalesce(campaign_ids.platform, paid.platform) as platform,
        case
            when campaign_ids.campaign_id is not null then campaign_ids.account_id
            else named.account_id
        end as account_id,
        coalesce(campaign_ids.campaign_id, named.campaign_id) as campaign_id
    from keyed
    left join campaign_ids on keyed.session_campaign_id = campaign_ids.campaign_id
    left join named on keyed.event_key = named.input_key
    left join paid on named.input_key = paid.input_key
),

final as (
    select
        resolved.event_key,
        resolved.event_date as report_date,
        -- Without consent there is the purchase but no session, hence no source: no direct visit.
        case
            when resolved.source is null and resolved.campaign_id is null
                then '(observed, unattributed)'
            else
                coalesce(
                    channels.channel,
                    case when retargeted.input_key is not null then 'retargeting' end,
                    ruled.channel
                )
        end as channel,
        resolved.platform,
        resolved.account_id,
        resolved.campaign_id,
        case when resolved.is_reversal then 0 else 1 end as ga4_conversions,
        resolved.amount as ga4_amount
    from resolved
    inner join ruled on resolved.input_key = ruled.input_key
    left join retargeted on resolved.input_key = retargeted.input_key
    left join channels
        on
            resolved.platform = channels.platform
            and resolved.account_id = channels.account_id
            and resolved.campaign_id = channels.campaign_id
)

select * from final
