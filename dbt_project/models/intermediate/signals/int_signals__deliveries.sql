-- What was delivered, by day: rows that are set aside, and spend of campaigns that are of no
-- channel, in whole units of the reporting currency.
with build as (
    select through_date from {{ source("trueup", "build") }}
),

streams as (
    select
        source,
        stream
    from {{ source("trueup", "streams") }}
    where kind in ('day', 'changes')
),

accounts as (
    select
        accounts.source,
        accounts.stream,
        accounts.day,
        least(accounts.set_aside_rows, accounts.offered_rows) as set_aside_rows,
        accounts.offered_rows
    from {{ ref("fct_row_accounts") }} as accounts
    inner join streams on accounts.source = streams.source and accounts.stream = streams.stream
),

rows_of_days as (
    select
        'stream' as dimension,
        accounts.source || '.' || accounts.stream as segment,
        accounts.source as system,
        accounts.day as signal_date,
        accounts.set_aside_rows,
        accounts.offered_rows,
        true as is_mature
    from accounts
    cross join build
    where accounts.day <= build.through_date
),

channels as (
    select
        platform,
        account_id,
        campaign_id,
        channel
    from {{ ref("int_campaigns__channels") }}
),

spend as (
    select
        'platform' as dimension,
        performance.platform as segment,
        performance.platform as system,
        performance.ad_date as signal_date,
        round(
            sum(
                case
                    when coalesce(channels.channel, '(unmapped)') = '(unmapped)'
                        then performance.spend_amount
                    else 0
                end
            )
        ) as unmapped_amount,
        round(sum(performance.spend_amount)) as whole_amount,
        sum(performance.spend_amount) as spend_amount,
        true as is_mature
    from {{ ref("fct_ad_performance_daily") }} as performance
    left join channels
        on
            performance.platform = channels.platform
            and performance.account_id = channels.account_id
            and performance.campaign_id = channels.campaign_id
    where performance.campaign_id is not null
    group by performance.platform, performance.ad_date
),

final as (
    {{ signals_of("rows_of_days", [
        ("set_aside_share", "set_aside_rows", "offered_rows", none),
    ]) }}
    union all
    {{ signals_of("spend", [
        ("order_unmapped_spend_share", "unmapped_amount", "whole_amount", "spend_amount"),
    ]) }}
)

select * from final
