{{ config(materialized="table") }}

-- The last touch of each platform in a conversion's journey.
with touches as (
    select
        conversion_id,
        goal,
        platform,
        account_id,
        campaign_id,
        touch_id,
        touch_at
    from {{ ref("int_attribution__candidates") }}
    where platform is not null
    qualify
        row_number() over (
            partition by conversion_id, platform order by touch_at desc, touch_id
        ) = 1
),

final as (
    select
        conversion_id,
        goal,
        platform,
        account_id,
        campaign_id,
        touch_at
    from touches
)

select * from final
