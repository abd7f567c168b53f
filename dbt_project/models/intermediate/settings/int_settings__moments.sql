-- The snapshots of each account and stream: when each was taken, and the one after it.
with taken as (
    select distinct
        account_key,
        place,
        observed_at
    from {{ ref("int_settings__snapshots") }}
),

final as (
    select
        account_key,
        place,
        observed_at,
        lag(observed_at) over (partition by account_key order by place) as previous_at,
        lead(observed_at) over (partition by account_key order by place) as next_at
    from taken
)

select * from final
