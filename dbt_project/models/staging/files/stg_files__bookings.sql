with source as (
    select * from {{ source("raw_files", "bookings") }}
),

final as (
    select
        feed,
        booking_id,
        booked_date,
        arrival_date,
        status,
        cast(amount_local as decimal(18, 6)) as amount_local,
        currency_code,
        goal,
        platform,
        campaign_id,
        _day,
        _load_id
    from source
)

select * from final
