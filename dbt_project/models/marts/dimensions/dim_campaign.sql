with versions as (
    select
        platform,
        account_id,
        campaign_id,
        campaign_name,
        campaign_type,
        status,
        valid_from,
        valid_to
    from {{ ref("int_campaigns__versions") }}
),

only_in_facts as (
    select
        known.platform,
        known.account_id,
        known.campaign_id,
        known.campaign_name
    from {{ ref("int_campaigns__known") }} as known
    left join versions
        on
            known.platform = versions.platform
            and known.account_id = versions.account_id
            and known.campaign_id = versions.campaign_id
    where versions.campaign_id is null
),

settings as (
    select {{ day_start("history_start", "reporting_zone") }} as history_starts_at
    from {{ source("company", "settings") }}
),

unioned as (
    select * from versions
    union all
    select
        only_in_facts.platform,
        only_in_facts.account_id,
        only_in_facts.campaign_id,
        only_in_facts.campaign_name,
        null as campaign_type,
        null as status,
        settings.history_starts_at as valid_from,
        null as valid_to
    from only_in_facts
    cross join settings
),

channels as (
    select
        platform,
        account_id,
        campaign_id,
        channel
    from {{ ref("int_campaigns__channels") }}
),

final as (
    select
        unioned.platform || ':' || unioned.account_id || ':' || unioned.campaign_id
            as campaign_key,
        unioned.platform,
        unioned.account_id,
        unioned.campaign_id,
        coalesce(unioned.campaign_name, '(unknown)') as campaign_name,
        unioned.campaign_type,
        unioned.status,
        channels.channel,
        unioned.valid_from,
        unioned.valid_to,
        unioned.valid_to is null as is_current
    from unioned
    left join channels
        on
            unioned.platform = channels.platform
            and unioned.account_id = channels.account_id
            and unioned.campaign_id = channels.campaign_id
)

select * from final
