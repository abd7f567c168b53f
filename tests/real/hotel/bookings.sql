-- The bookings have no number of their own: the line is one, and what looks like a row given twice
-- is two bookings. They carry no day they were made on either, but how long before the arrival.
with stays as (
    select
        *,
        strptime(
            concat_ws(' ', arrival_date_year, trim(arrival_date_month), arrival_date_day_of_month),
            '%Y %B %-d'
        )::date as arrival_date,
        stays_in_weekend_nights::int + stays_in_week_nights::int as night_count,
        trim(distribution_channel) as channel,
        trim(reservation_status) as state,
        trim(adr)::decimal(18, 2) as rate
    from input
)

select
    _row,
    _row as booking_id,
    arrival_date - lead_time::int as booked_date,
    arrival_date,
    arrival_date + night_count as departure_date,
    night_count as nights,
    channel as distribution_channel,
    channel = 'Direct' as is_web,
    case state
        when 'Canceled' then 'cancelled'
        when 'No-Show' then 'no_show'
        when 'Check-Out' then 'won'
        else state
    end as status,
    case when state = 'Canceled' then reservation_status_date end as cancelled_date,
    rate * night_count as amount_local,
    case when state = 'Check-Out' then rate * night_count end as stayed_amount_local,
    'EUR' as currency_code,
    case
        when channel in ('TA/TO', 'GDS') then 'agencies'
        when channel = 'Corporate' then 'corporate'
    end as platform,
    case when channel != 'Direct' then channel end as campaign_id
from stays
