-- What each stage of a pipeline was set to, load by load, and means to HubSpot itself.
with source as (
    select * from {{ source("raw_hubspot", "pipelines__loads") }}
),

loads as (
    select
        load_id,
        account
    from {{ source("trueup", "applied_loads") }}
),

names as (
    select
        {{ split_rows(
            "'outcome;name;pipeline_name;is_closed;win_probability;stage_order'", "';'"
        ) }} as setting
),

final as (
    select
        'hubspot' as source,
        'pipelines' as stream,
        loads.account as account_id,
        'deal stage' as object_type,
        source.pipeline || ':' || source.stage as object_id,
        source.stage_name as object_name,
        names.setting,
        case names.setting
            when 'outcome'
                then {{ stage_outcome("source.is_closed", "source.win_probability") }}
            when 'name' then source.stage_name
            when 'pipeline_name' then source.pipeline_name
            when 'stage_order' then cast(source.stage_order as {{ dbt.type_string() }})
            when 'is_closed' then cast(source.is_closed as {{ dbt.type_string() }})
            when 'win_probability'
                then cast(cast(source.win_probability as decimal(9, 2)) as {{ dbt.type_string() }})
        end as value,
        'pipeline:' || source.pipeline as feeds,
        source._committed_at as observed_at,
        cast(null as {{ dbt.type_string() }}) as changed_by,
        cast(case names.setting when 'outcome' then 1 else 0 end as bigint) as _rows,
        source._day,
        source._load_id
    from source
    cross join names
    left join loads on source._load_id = loads.load_id
)

select * from final
