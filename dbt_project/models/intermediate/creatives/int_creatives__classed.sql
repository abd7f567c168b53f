-- How each ad speaks and what it promises, by the first pattern of the company file that is in its
-- name or text.
with creatives as (
    select
        creative_key,
        message
    from {{ ref("int_creatives__known") }}
    where message != ''
),

angles as (
    select
        creatives.creative_key,
        min_by(rules.angle, rules.position) as angle
    from creatives
    inner join {{ source("company", "angles") }} as rules
        on regexp_matches(creatives.message, rules.pattern)
    group by creatives.creative_key
),

offers as (
    select
        creatives.creative_key,
        min_by(rules.offer, rules.position) as offer
    from creatives
    inner join {{ source("company", "offers") }} as rules
        on regexp_matches(creatives.message, rules.pattern)
    group by creatives.creative_key
),

final as (
    select
        creatives.creative_key,
        angles.angle,
        offers.offer
    from creatives
    left join angles on creatives.creative_key = angles.creative_key
    left join offers on creatives.creative_key = offers.creative_key
)

select * from final
