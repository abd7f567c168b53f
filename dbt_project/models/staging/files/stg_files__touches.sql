with source as (
    select * from {{ source("raw_files", "touches") }}
),

final as (
    select
        feed,
        touch_id,
        touch_date,
        touch_at,
        person_id_hmac,
        touch_source,
        touch_medium,
        platform,
        campaign_id,
        _day,
        _load_id
    from source
)

select * from final
