{{ config(materialized="table") }}

-- Whether an ad says what the page speaks of: of the page it leads to, and of every page that its
-- visits began on. Nothing is said where the page has no topic or the ad no words.
with creatives as (
    select
        known.creative_key,
        known.page_key,
        known.message,
        classed.offer
    from {{ ref("int_creatives__known") }} as known
    inner join {{ ref("int_creatives__classed") }} as classed
        on known.creative_key = classed.creative_key
),

pages as (
    select
        page_key,
        topic_position
    from {{ ref("int_landing_pages") }}
    where topic_position is not null
),

landed as (
    select distinct
        {{ creative_key("platform", "account_id", "ad_group_id", "ad_id") }} as creative_key,
        page_key
    from {{ ref("int_funnel__steps") }}
    where ad_id is not null
),

met as (
    select
        creatives.creative_key,
        pages.topic_position
    from creatives
    inner join pages on creatives.page_key = pages.page_key
    union
    select
        landed.creative_key,
        pages.topic_position
    from landed
    inner join pages on landed.page_key = pages.page_key
),

topics as (
    select
        position,
        words_pattern,
        has_offers
    from {{ source("company", "page_topics") }}
),

topic_offers as (
    select distinct
        position,
        offer
    from {{ source("company", "topic_offers") }}
),

judged as (
    select
        met.creative_key,
        met.topic_position,
        regexp_matches(creatives.message, topics.words_pattern) as has_topic_words,
        -- An ad that promises nothing, and a topic that lists no offers, leave nothing to miss.
        case
            when creatives.offer is not null and topics.has_offers
                then topic_offers.offer is not null
        end as has_topic_offer
    from met
    inner join creatives on met.creative_key = creatives.creative_key
    inner join topics on met.topic_position = topics.position
    left join topic_offers
        on
            met.topic_position = topic_offers.position
            and creatives.offer = topic_offers.offer
),

final as (
    select
        creative_key,
        topic_position,
        has_topic_words,
        has_topic_offer,
        has_topic_words and coalesce(has_topic_offer, true) as is_matched
    from judged
)

select * from final
