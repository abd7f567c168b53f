-- A publisher is a campaign; what kind of site it has is its type. One that left before it was ever
-- listed is known by the name that its sales and clicks carry.
with listed as (
    select * from {{ source("raw_awin", "publishers__loads") }}
),

named as (
    select
        'transactions' as stream,
        advertiser_id,
        publisher_id,
        site_name,
        _day,
        _load_id
    from {{ source("raw_awin", "transactions") }}
    union all
    select
        'publisher_days' as stream,
        advertiser_id,
        publisher_id,
        publisher_name as site_name,
        _day,
        _load_id
    from {{ source("raw_awin", "publisher_days") }}
),

unlisted as (
    select named.*
    from named
    where
        named.site_name is not null
        and not exists (
            select 1
            from listed
            where named.advertiser_id = listed.advertiser_id and named.publisher_id = listed.id
        )
    qualify
        row_number() over (
            partition by named.advertiser_id, named.publisher_id
            order by named._day desc, named.stream desc
        ) = 1
),

unioned as (
    select
        'publishers' as stream,
        advertiser_id as account_id,
        id as campaign_id,
        name as campaign_name,
        primary_type as campaign_type,
        'joined' as status,
        _committed_at as observed_at,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from listed
    union all
    select
        stream,
        advertiser_id as account_id,
        publisher_id as campaign_id,
        site_name as campaign_name,
        cast(null as {{ dbt.type_string() }}) as campaign_type,
        'left' as status,
        cast(null as timestamptz) as observed_at,
        cast(0 as bigint) as _rows,
        _day,
        _load_id
    from unlisted
),

final as (
    select
        'awin' as source,
        stream,
        'awin' as platform,
        account_id,
        campaign_id,
        campaign_name,
        campaign_type,
        'affiliate' as type_channel,
        status,
        observed_at,
        _rows,
        _day,
        _load_id
    from unioned
)

select * from final
