-- Each sale as it stood when its day was last read; its claim, if it makes one, counts its row.
with source as (
    select * from {{ source("raw_awin", "transactions") }}
),

zones as (
    select
        account_id,
        time_zone
    from {{ source("company", "accounts") }}
    where source = 'awin'
),

final as (
    select
        'awin' as source,
        'transactions' as stream,
        'awin' as platform,
        source.advertiser_id as account_id,
        source.publisher_id as campaign_id,
        source.id as sale_id,
        nullif(source.order_ref, '') as order_id,
        {{ affiliate_action("source.type") }} as action,
        source.commission_status as status,
        case when source.commission_status = 'declined' then nullif(source.decline_reason, '') end
            as reason,
        source.transaction_at as sold_at,
        source.transaction_date as sold_date,
        {{ local_date("source.validated_at", "coalesce(zones.time_zone, 'UTC')") }}
            as validated_date,
        source.sale_currency as currency_code,
        cast(source.sale_amount as decimal(18, 6)) as amount_local,
        source.commission_currency as commission_currency_code,
        cast(source.commission_amount as decimal(18, 6)) as commission_amount_local,
        cast(0 as bigint) as _rows,
        source._day,
        source._load_id
    from source
    left join zones on source.advertiser_id = zones.account_id
)

select * from final
