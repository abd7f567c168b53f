-- What each property was set to, load by load. A key event feeds the goals of its event, as does a
-- rule that makes one, and an export that leaves it out; streams and links carry all of them.
with source as (
    select * from {{ source("raw_ga4", "settings__loads") }}
),

events_of_rules as (
    select
        _load_id,
        object_id,
        max(value) as event_name
    from source
    where object_type = 'event rule' and setting = 'event'
    group by _load_id, object_id
),

final as (
    select
        'ga4' as source,
        'settings' as stream,
        source.property_id as account_id,
        case source.object_type when 'property' then 'account' else source.object_type end
            as object_type,
        source.object_id,
        source.object_name,
        source.setting,
        coalesce(source.value, 'hidden ' || substr(source.hidden_value_hmac, 1, 12)) as value,
        case source.object_type
            when 'key event' then source.object_id
            when 'event rule' then events_of_rules.event_name
            when 'data stream' then '(conversion)'
            when 'ads link' then '(conversion)'
            when 'export link'
                then
                    case source.setting
                        when 'excluded_events' then replace(source.value, ', ', ';')
                        else '(conversion)'
                    end
        end as feeds,
        source._committed_at as observed_at,
        'person ' || substr(source.creator_email_hmac, 1, 12) as changed_by,
        cast(1 as bigint) as _rows,
        source._day,
        source._load_id
    from source
    left join events_of_rules
        on
            source.object_type = 'event rule'
            and source._load_id = events_of_rules._load_id
            and source.object_id = events_of_rules.object_id
)

select * from final
