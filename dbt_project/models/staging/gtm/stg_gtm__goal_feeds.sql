-- What each tag of a load tells other systems: the event it sends, a conversion of an ad platform,
-- or, of a tag nobody can read, what a tag tells that fires on the same trigger; and what each
-- trigger tells by the tags it fires.
with settings as (
    select
        container_id,
        object_id as tag_id,
        setting,
        -- A name that may not be shown is one that is put together when the tag fires.
        case
            when setting = 'parameter eventName'
                then coalesce(value, '{{ "{{" }}hidden{{ "}}" }}')
            else value
        end as value,
        _load_id
    from {{ source("raw_gtm", "settings__loads") }}
    where object_type = 'tag'
),

tags as (
    select
        container_id,
        _load_id,
        tag_id,
        max(case when setting = 'parameter eventName' then value end) as event_name,
        max(case when setting = 'type' then value end) as tag_type,
        max(case when setting = 'firing_triggers' then value end) as triggers,
        max(case when setting = 'blocking_triggers' then value end) as blocking_triggers
    from settings
    group by container_id, _load_id, tag_id
),

-- Types of tags that tell an ad platform of a conversion, as the container's own list calls them,
-- and those without which the others tell nothing: Google's own tag, and what keeps the click's
-- id. A name that is a variable is whatever happens: which goal, nobody can say. What a template
-- of somebody's makes of its name only the template knows.
telling as (
    select
        container_id,
        _load_id,
        tag_id,
        triggers,
        blocking_triggers,
        coalesce(tag_type like 'cvt_%', false) as is_template,
        case
            when event_name like '%{{ "{{" }}%' then '(conversion)'
            when event_name is not null then event_name
            when
                tag_type in (
                    'awct', 'flc', 'fls', 'sgtmadsct', 'baut', 'bzi', 'sgtmgaaw', 'googtag',
                    'gaawc', 'gclidw'
                )
                then '(conversion)'
        end as feeds
    from tags
),

fired as (
    select
        container_id,
        _load_id,
        tag_id,
        is_template,
        feeds,
        {{ split_rows("triggers", "', '") }} as trigger_id
    from telling
),

blocked as (
    select
        container_id,
        _load_id,
        tag_id,
        {{ split_rows("blocking_triggers", "', '") }} as trigger_id
    from telling
),

-- The triggers every container has, such as all pages, say nothing of what fires on them.
own_triggers as (
    select * from fired
    where trigger_id != '' and trigger_id not like '21474795%'
),

shared as (
    select
        silent.container_id,
        silent._load_id,
        silent.tag_id,
        min(telling.feeds) as feeds
    from own_triggers as silent
    inner join own_triggers as telling
        on
            silent.container_id = telling.container_id
            and silent._load_id = telling._load_id
            and silent.trigger_id = telling.trigger_id
    where
        (silent.feeds is null or silent.is_template)
        and telling.feeds is not null
        and telling.feeds != '(conversion)'
        and not telling.is_template
    group by silent.container_id, silent._load_id, silent.tag_id
),

tags_known as (
    select
        telling.container_id,
        telling._load_id,
        telling.tag_id,
        telling.triggers,
        coalesce(telling.feeds || ';' || shared.feeds, telling.feeds, shared.feeds) as feeds
    from telling
    left join shared
        on
            telling.container_id = shared.container_id
            and telling._load_id = shared._load_id
            and telling.tag_id = shared.tag_id
),

-- A trigger is what the tags tell that it fires, or keeps from firing.
of_tags as (
    select
        container_id,
        _load_id,
        tag_id,
        trigger_id
    from own_triggers
    union
    select
        container_id,
        _load_id,
        tag_id,
        trigger_id
    from blocked
    where trigger_id != ''
),

triggers_known as (
    select
        of_tags.container_id,
        of_tags._load_id,
        of_tags.trigger_id,
        string_agg(distinct tags_known.feeds, ';' order by tags_known.feeds) as feeds
    from of_tags
    inner join tags_known
        on
            of_tags.container_id = tags_known.container_id
            and of_tags._load_id = tags_known._load_id
            and of_tags.tag_id = tags_known.tag_id
    group by of_tags.container_id, of_tags._load_id, of_tags.trigger_id
),

final as (
    select
        container_id,
        _load_id,
        'tag' as object_type,
        tag_id as object_id,
        feeds
    from tags_known
    union all
    select
        container_id,
        _load_id,
        'trigger' as object_type,
        trigger_id as object_id,
        feeds
    from triggers_known
)

select * from final
