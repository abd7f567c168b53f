with creatives as (
    select * from {{ ref("int_creatives__known") }}
),

classed as (
    select * from {{ ref("int_creatives__classed") }}
),

pages as (
    select * from {{ ref("int_landing_pages") }}
),

matched as (
    select * from {{ ref("int_creatives__matched") }}
),

final as (
    select
        creatives.creative_key,
        creatives.platform,
        creatives.account_id,
        creatives.campaign_id,
        creatives.ad_group_id,
        creatives.ad_id,
        coalesce(creatives.ad_name, '(unknown)') as ad_name,
        creatives.ad_type,
        creatives.asset_id,
        creatives.headline,
        creatives.description,
        coalesce(classed.angle, '(none)') as angle,
        coalesce(classed.offer, '(none)') as offer,
        pages.page,
        pages.topic as page_topic,
        matched.has_topic_words,
        matched.has_topic_offer,
        matched.is_matched,
        creatives.status,
        creatives.first_impression_date,
        creatives.last_impression_date
    from creatives
    left join classed on creatives.creative_key = classed.creative_key
    left join pages on creatives.page_key = pages.page_key
    left join matched
        on
            creatives.creative_key = matched.creative_key
            and pages.topic_position = matched.topic_position
)

select * from final
