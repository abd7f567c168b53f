{{ config(materialized="table") }}

-- The few hundred ways in which links and pages say where a visit came from, read once for all the
-- visits that say the same: the link's own words, else a click that was paid for, else the platform
-- a record names, else a sign that only a newsletter's or a partner's links carry, else the page
-- before it, else a click id that proves no payment, else nothing. Words that only repeat the page
-- before (google / organic) are no words where the click was paid for.
with evidence as (
    select * from {{ ref("int_links__evidence") }}
),

referrers as (
    select * from {{ ref("int_referrers") }}
),

-- A vendor's own word for its click ids stands beside the table of all.
parameters as (
    select
        parameter,
        preference,
        link_source,
        platform_pattern,
        is_click_paid,
        medium
    from {{ ref("link_parameters") }}
    union all
    select
        click_id_kind as parameter,
        null as preference,
        min(link_source) as link_source,
        cast(null as {{ dbt.type_string() }}) as platform_pattern,
        bool_or(is_click_paid) as is_click_paid,
        cast(null as {{ dbt.type_string() }}) as medium
    from {{ source("trueup", "ad_platforms") }}
    where
        click_id_kind is not null
        and click_id_kind not in (select parameter from {{ ref("link_parameters") }})
    group by click_id_kind
),

platforms as (
    select
        link_source,
        min(platform) as platform
    from {{ source("trueup", "ad_platforms") }}
    group by link_source
),

names as (
    select distinct referrer_host as name
    from evidence
    where referrer_host is not null
    union
    select distinct {{ spelt_source("manual_source") }} as name
    from evidence
    where manual_source is not null
    union
    select distinct {{ source_of_ads("manual_source") }} as name
    from evidence
    where manual_source is not null
    union
    select distinct link_source as name
    from parameters
    where link_source is not null
),

known as (
    {{ match_referrers("names", "referrers") }}
),

referred as (
    select
        evidence.*,
        parameters.link_source as click_source,
        parameters.medium as click_medium,
        platforms.platform as click_platform,
        coalesce(parameters.is_click_paid, false) as is_click_paid
    from evidence
    left join parameters on evidence.click_id_kind = parameters.parameter
    left join platforms on parameters.link_source = platforms.link_source
),

searched as (
    select
        referred.*,
        case
            when
                known.kind in ('search', 'ai_assistant', 'search_ads', 'display_ads')
                or known.is_app
                then known.source
            else referred.referrer_host
        end as referrer_name,
        known.kind as referrer_kind,
        -- An engine by its host is the engine.
        case
            when said.kind = 'search' then said.source
            else {{ spelt_source("referred.manual_source") }}
        end as said_source,
        coalesce(referred.manual_source, referred.manual_medium) is not null
        and not coalesce(
            referred.is_click_paid
            and (
                lower(referred.manual_medium) in ('referral', '(referral)', '(none)')
                or (
                    lower(coalesce(referred.manual_medium, '(not set)'))
                    in ('organic', '(organic)', '(not set)')
                    and lower(coalesce(referred.manual_source, '(not set)'))
                    in (referred.click_source, '(direct)', '(not set)')
                )
            ),
            false
        )
        -- An app that opens a page is collected as a source without more.
        and not coalesce(
            known.is_app
            and referred.manual_medium is null
            and referred.manual_campaign_name is null
            and referred.manual_campaign_id is null,
            false
        ) as has_words
    from referred
    left join known on referred.referrer_host = known.name
    left join known as said
        on {{ spelt_source("referred.manual_source") }} = said.name
),

named as (
    select
        *,
        case
            when has_words then lower(coalesce(said_source, referrer_name, '(not set)'))
            when is_click_paid then coalesce(click_source, referrer_name, '(not set)')
            when record_platform is not null then record_platform
            when click_medium is not null then coalesce(click_source, click_id_kind)
            when referrer_host is not null then referrer_name
            when click_id_kind is not null then coalesce(click_source, click_id_kind)
            else '(direct)'
        end as source,
        case
            when has_words then lower(manual_medium)
            when is_click_paid then coalesce(click_medium, 'cpc')
            when record_platform is not null then 'cpc'
            when click_medium is not null then click_medium
            when referrer_kind = 'search' then 'organic'
            -- pages through which nothing but clicks on ads goes
            when referrer_kind = 'search_ads' then 'cpc'
            when referrer_kind = 'display_ads' then 'display'
            when referrer_kind = 'ai_assistant' then 'ai-assistant'
            when referrer_host is not null or click_id_kind is not null then 'referral'
            else '(none)'
        end as medium
    from searched
),

-- An assistant that names itself in the link seldom says more, and what stands there is a browser's
-- word for any link.
spoken as (
    select
        named.*,
        -- The system's own word for none
        case
            when named.manual_campaign_name not like '(%)' then named.manual_campaign_name
        end as stated_campaign_name,
        case
            when
                known.kind = 'ai_assistant'
                and coalesce(named.medium, '(not set)')
                in ('referral', '(referral)', 'organic', '(organic)', '(none)', '(not set)')
                then 'ai-assistant'
            else coalesce(named.medium, '(not set)')
        end as spoken_medium,
        coalesce(known.kind, case when not named.has_words then named.referrer_kind end)
            as source_kind,
        -- Many a link is called by the id of its campaign, alone or within a name; a record that
        -- names its campaign itself knows better.
        case
            when named.record_campaign_id is null
                then
                    coalesce(
                        nullif(regexp_extract(named.manual_campaign_name, '^[0-9]+$'), ''),
                        nullif(
                            regexp_extract(
                                named.manual_campaign_name,
                                '(?:^|[^0-9A-Za-z])([0-9]{9,})(?:[^0-9A-Za-z]|$)',
                                1
                            ),
                            ''
                        )
                    )
        end as named_campaign_id
    from named
    left join known on named.source = known.name
),

-- A record calls a platform what the company does, and its links call it something else. A link may
-- call its source the ads of a site (bing_ads): then its medium is paid, whatever else it says.
record_names as (
    select distinct record_platform as name
    from evidence
    where record_platform is not null
),

record_platforms as (
    {{ match_platform_names("record_names", "parameters") }}
),

standing as (
    select
        spoken.*,
        coalesce(record_platforms.link_source, spoken.source) as standard_source,
        coalesce(
            record_platforms.medium,
            case
                when
                    of_ads.kind is not null
                    and not {{ matches_fully(
                        "spoken.spoken_medium",
                        "'.*(cp.|ppc|paid|display|banner|market|target|mail|affiliate|organic).*'"
                    ) }}
                    then 'cpc'
            end,
            spoken.spoken_medium
        ) as standard_medium,
        coalesce(known.kind, spoken.source_kind, of_ads.kind) as standard_kind
    from spoken
    left join record_platforms
        on
            spoken.record_platform = record_platforms.name
            and spoken.source = spoken.record_platform
    left join known on record_platforms.link_source = known.name
    left join known as of_ads
        on
            {{ source_of_ads("spoken.source") }} = of_ads.name
            and spoken.source_kind is null
),

grouped as (
    select
        *,
        {{ default_channel(
            "standard_source", "standard_medium", "stated_campaign_name", "standard_kind"
        ) }} as standard_group
    from standing
),

final as (
    select
        link_key,
        source,
        spoken_medium as medium,
        stated_campaign_name as campaign_name,
        {{ slug("stated_campaign_name") }} as campaign_alias,
        coalesce(ad_campaign_id, manual_campaign_id, named_campaign_id) as link_campaign_id,
        click_id_kind,
        case when is_click_paid then click_source end as click_source,
        case when is_click_paid then click_platform end as click_platform,
        ad_campaign_id is not null as is_platforms_id,
        record_platform,
        record_account_id,
        record_campaign_id,
        source_kind,
        {{ default_channel("source", "spoken_medium", "stated_campaign_name", "source_kind") }}
            as default_channel,
        {{ standard_channel(
            "standard_group", "standard_source", "standard_medium", "standard_kind"
        ) }} as standard_channel
    from grouped
)

select * from final
