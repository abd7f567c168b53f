{{ config(materialized="table") }}

-- The share is the one that was set when the guests left: the newest that was landed until then, or
-- the oldest there is. What an agency takes whose share nobody set is not known.
with stays as (
    select * from {{ ref("stg_cloudbeds__reservations") }}
    where reason is null and status = 'checked_out' and is_third_party
),

shares as (
    select
        property_id,
        source_id,
        commission_percent,
        _day
    from {{ source("raw_cloudbeds", "sources__loads") }}
    where commission_percent is not null
),

candidates as (
    select
        stays.reservation_id,
        stays.property_id,
        stays.source_id,
        stays.departure_date,
        stays.currency_code,
        stays._day,
        stays._load_id,
        coalesce(stays.rooms_amount, stays.total_amount)
        * shares.commission_percent / 100 as commission_amount,
        row_number() over (
            partition by stays.property_id, stays.reservation_id
            order by
                case when shares._day <= stays.departure_date then 0 else 1 end,
                abs({{ days_between("shares._day", "stays.departure_date") }})
        ) as position
    from stays
    left join shares
        on stays.property_id = shares.property_id and stays.source_id = shares.source_id
),

final as (
    select
        reservation_id,
        property_id,
        source_id,
        departure_date,
        currency_code,
        _day,
        _load_id,
        cast(commission_amount as decimal(38, 6)) as commission_amount
    from candidates
    where position = 1
)

select * from final
