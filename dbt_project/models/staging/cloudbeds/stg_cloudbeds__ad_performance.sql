-- An agency's commission is what its sales cost: the agency is the campaign.
with commissions as (
    select * from {{ ref("stg_cloudbeds__commissions") }}
    where commission_amount is not null
),

final as (
    select
        'cloudbeds' as source,
        'reservations' as stream,
        cast(null as {{ dbt.type_string() }}) as feed,
        'campaign' as level,
        'cloudbeds' as platform,
        property_id as account_id,
        source_id as campaign_id,
        cast(null as {{ dbt.type_string() }}) as ad_group_id,
        cast(null as {{ dbt.type_string() }}) as ad_id,
        cast(null as {{ dbt.type_string() }}) as campaign_name,
        departure_date as ad_date,
        currency_code,
        cast(null as bigint) as impressions,
        cast(null as bigint) as clicks,
        cast(sum(commission_amount) as decimal(38, 6)) as spend_amount_local,
        cast(0 as bigint) as _rows,
        max(_day) as _day,
        max(_load_id) as _load_id
    from commissions
    group by property_id, source_id, departure_date, currency_code
)

select * from final
