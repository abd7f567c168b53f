-- The first day from which on it is known what a channel costs: that of the account joined last.
-- What an ad platform answered of a day is known, be it nothing. A load of files covers all of
-- history whatever they hold: an account is known from its first row on, which may say 0.
with performance as (
    select
        source,
        stream,
        platform,
        account_id,
        ad_date,
        _load_id
    from {{ ref("shape_ad_performance") }}
),

loads as (
    select
        load_id,
        account
    from {{ source("trueup", "applied_loads") }}
),

platforms as (
    select platform from {{ source("trueup", "ad_platforms") }}
),

answered as (
    select
        source,
        stream,
        account,
        min(day) as first_date
    from {{ source("trueup", "current_days") }}
    where source in (select platforms.platform from platforms)
    group by source, stream, account
),

accounts as (
    select
        performance.platform,
        performance.account_id,
        min(
            case
                when answered.first_date < performance.ad_date then answered.first_date
                else performance.ad_date
            end
        ) as known_from_date
    from performance
    left join loads on performance._load_id = loads.load_id
    left join answered
        on
            performance.source = answered.source
            and performance.stream = answered.stream
            and loads.account = answered.account
    group by performance.platform, performance.account_id
),

channels as (
    select distinct
        platform,
        account_id,
        channel
    from {{ ref("int_campaigns__channels") }}
),

final as (
    select
        channels.channel,
        max(accounts.known_from_date) as known_from_date
    from accounts
    inner join channels
        on
            accounts.platform = channels.platform
            and accounts.account_id is not distinct from channels.account_id
    group by channels.channel
)

select * from final
