{{ config(materialized="table") }}

-- The campaign and channel of every kind of link. A name alone means a campaign only of the
-- platform it came by, only where the visit was paid for (newsletters and posts are called like the
-- campaigns they go with), and another one after names have changed: so such a link has a row for
-- each span of time in which its name means the same.
with links as (
    select * from {{ ref("int_links__known") }}
),

names as (
    select * from {{ ref("int_campaigns__names") }}
),

channels as (
    select * from {{ ref("int_campaigns__channels") }}
),

only_named as (
    select
        link_key,
        spoken_platform as platform,
        campaign_alias as alias
    from links
    where campaign_id is null and campaign_alias is not null and is_paid
),

moments as (
    select
        only_named.link_key,
        names.valid_from as starts_at
    from only_named
    inner join names
        on only_named.platform = names.platform and only_named.alias = names.alias
    where names.valid_from is not null
    union
    select
        only_named.link_key,
        names.valid_to as starts_at
    from only_named
    inner join names
        on only_named.platform = names.platform and only_named.alias = names.alias
    where names.valid_to is not null
    union
    select
        link_key,
        null as starts_at
    from links
),

spans as (
    select
        {{ hash_key(["link_key", "starts_at"]) }} as input_key,
        link_key,
        starts_at,
        lead(starts_at) over (
            partition by link_key order by starts_at nulls first
        ) as ends_at
    from moments
),

-- Nothing changes within a span, so any moment of it will do.
named_spans as (
    select
        spans.input_key,
        only_named.platform,
        only_named.alias,
        coalesce(spans.starts_at, spans.ends_at - interval '1 second') as named_at
    from spans
    inner join only_named on spans.link_key = only_named.link_key
),

named as (
    {{ match_campaign_names("named_spans", "names") }}
),

resolved as (
    select
        spans.link_key,
        spans.starts_at,
        spans.ends_at,
        case when named.campaign_id is null then links.platform else links.spoken_platform end
            as platform,
        coalesce(links.account_id, named.account_id, '(unknown)') as account_id,
        coalesce(links.campaign_id, named.campaign_id) as campaign_id,
        coalesce(links.match_method, named.match_method, 'none') as match_method,
        links.channel as ruled_channel,
        links.source,
        links.medium,
        links.campaign_name,
        links.source_kind,
        links.default_channel
    from spans
    inner join links on spans.link_key = links.link_key
    left join named on spans.input_key = named.input_key
),

final as (
    select
        resolved.link_key,
        resolved.starts_at,
        resolved.ends_at,
        resolved.source,
        resolved.medium,
        resolved.campaign_name,
        resolved.source_kind,
        resolved.default_channel,
        resolved.platform,
        case when resolved.campaign_id is not null then nullif(resolved.account_id, '(unknown)') end
            as account_id,
        resolved.campaign_id,
        resolved.match_method,
        resolved.ruled_channel,
        coalesce(channels.channel, resolved.ruled_channel) as channel
    from resolved
    left join channels
        on
            resolved.platform = channels.platform
            and resolved.account_id = channels.account_id
            and resolved.campaign_id = channels.campaign_id
)

select * from final
