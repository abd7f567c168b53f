with source as (
    select * from {{ source("raw_google_ads", "campaigns__loads") }}
),

types as (
    select * from {{ ref("stg_google_ads__campaign_types") }}
),

final as (
    select
        'google_ads' as source,
        'campaigns' as stream,
        'google_ads' as platform,
        source.customer_id as account_id,
        source.campaign_id,
        source.campaign_name,
        source.advertising_channel_type as campaign_type,
        case
            when source.advertising_channel_type is not null
                then coalesce(of_sub_types.channel, of_types.channel, '(unmapped)')
        end as type_channel,
        source.status,
        source._committed_at as observed_at,
        cast(1 as bigint) as _rows,
        source._day,
        source._load_id
    from source
    left join types as of_types
        on
            source.advertising_channel_type = of_types.campaign_type
            and of_types.campaign_sub_type is null
    left join types as of_sub_types
        on
            source.advertising_channel_type = of_sub_types.campaign_type
            and source.advertising_channel_sub_type = of_sub_types.campaign_sub_type
)

select * from final
