with source as (
    select * from {{ source("raw_files", "deals") }}
),

final as (
    select
        feed,
        deal_id,
        lead_id,
        won_date,
        cast(amount_local as decimal(18, 6)) as amount_local,
        currency_code,
        goal,
        _day,
        _load_id
    from source
)

select * from final
