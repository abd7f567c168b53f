with source as (
    select * from {{ source("raw_google_ads", "ads__loads") }}
),

final as (
    select
        'google_ads' as source,
        'ads' as stream,
        'google_ads' as platform,
        customer_id as account_id,
        campaign_id,
        ad_group_id,
        ad_id,
        ad_name,
        ad_type,
        cast(null as {{ dbt.type_string() }}) as asset_id,
        coalesce(search_headlines, display_headlines, video_headlines, demand_gen_headlines)
            as headline,
        coalesce(
            search_descriptions, display_descriptions, video_descriptions, demand_gen_descriptions
        ) as description,
        landing_page as landing_url,
        status,
        _committed_at as observed_at,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from source
)

select * from final
