with contacts as (
    select * from {{ ref("stg_hubspot__contacts") }}
    where reason is not null
),

submissions as (
    select * from {{ ref("stg_hubspot__submissions") }}
    where reason is not null
),

activities as (
    select * from {{ source("raw_hubspot", "activities") }}
    where is_archived
),

merged_deals as (
    select merged_id
    from {{ ref("stg_hubspot__merges") }}
    where record_type = 'deal'
),

deals as (
    select * from {{ source("raw_hubspot", "deals") }}
    where deal_id in (select merged_id from merged_deals)
),

deal_stages as (
    select * from {{ source("raw_hubspot", "deal_stages") }}
    where deal_id in (select merged_id from merged_deals)
),

unioned as (
    select
        'contacts' as stream,
        'lead:' || contact_id as record_id,
        reason,
        null as currency_code,
        null as amount_local,
        _day,
        _load_id
    from contacts
    union all
    select
        'submissions' as stream,
        'lead:' || contact_id || ':' || {{ epoch_text("asked_at") }} as record_id,
        reason,
        null as currency_code,
        null as amount_local,
        _day,
        _load_id
    from submissions
    union all
    select
        'activities' as stream,
        kind || ':' || activity_id as record_id,
        'deleted' as reason,
        null as currency_code,
        null as amount_local,
        _day,
        _load_id
    from activities
    union all
    select
        'deals' as stream,
        deal_id as record_id,
        'merged into another deal' as reason,
        currency_code,
        amount as amount_local,
        _day,
        _load_id
    from deals
    union all
    select
        'deal_stages' as stream,
        deal_id || ':' || stage || ':' || cast(entered_at as {{ dbt.type_string() }}) as record_id,
        'merged into another deal' as reason,
        null as currency_code,
        amount as amount_local,
        _day,
        _load_id
    from deal_stages
),

final as (
    select
        'hubspot' as source,
        stream,
        record_id,
        reason,
        'excluded' as kind,
        currency_code,
        cast(amount_local as decimal(18, 6)) as amount_local,
        cast(1 as bigint) as _rows,
        _day,
        _load_id
    from unioned
)

select * from final
