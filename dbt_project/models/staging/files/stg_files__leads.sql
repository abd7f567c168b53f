with source as (
    select * from {{ source("raw_files", "leads") }}
),

final as (
    select
        feed,
        lead_id,
        created_date,
        origin,
        platform,
        campaign_id,
        goal,
        _day,
        _load_id
    from source
)

select * from final
