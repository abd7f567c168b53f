{{ config(materialized="table") }}

-- Conversions that a platform's definition can count: its last touch in their journey, and what our
-- own records say of each. One row per conversion and platform.
with definitions as (
    select * from {{ ref("int_reconciliation__definitions") }}
),

-- What claims themselves say of their dates is taken from them; of what is beyond the window there
-- is no claim.
twins as (
    select distinct
        platform,
        account_id,
        goal
    from {{ ref("int_reconciliation__twins") }}
),

settings as (
    select reporting_zone from {{ source("company", "settings") }}
),

accounts as (
    select
        platform,
        case when count(distinct account_id) = 1 then max(account_id) else '(unknown)' end
            as sole_account_id
    from definitions
    group by platform
),

touches as (
    select
        conversion_id,
        platform,
        account_id,
        campaign_id,
        touch_at
    from {{ ref("int_attribution__last_touches") }}
    where
        platform in (select platform from definitions)
        and goal in (select goal from definitions)
),

credits as (
    select
        conversion_id,
        platform
    from {{ ref("fct_attribution") }}
    where model = 'last_non_direct'
),

conversions as (
    select * from {{ ref("int_conversions__reconciled") }}
    where record_type != 'visit'
),

-- Who sells by deals tells the platform of one once it is opened or has qualified, whatever comes
-- of it: a deal that was lost is claimed too, and could not be later.
deals as (
    select
        conversion_id,
        started_at
    from {{ ref("int_conversions__unioned") }}
    where record_type = 'deal'
),

placed as (
    select
        touches.conversion_id,
        touches.platform,
        coalesce(touches.account_id, accounts.sole_account_id) as account_id,
        coalesce(touches.campaign_id, '(unknown)') as campaign_id,
        touches.touch_at,
        credits.platform as credited_platform,
        conversions.goal,
        conversions.tier = 'weak' or conversions.status = 'won' as is_standing,
        conversions.conversion_at,
        conversions.conversion_date,
        coalesce(deals.started_at, conversions.conversion_at) as counted_at,
        conversions.is_time_known,
        coalesce(conversions.gross_amount, 0) as gross_amount,
        coalesce(conversions.net_amount, 0) as net_amount
    from touches
    inner join conversions on touches.conversion_id = conversions.conversion_id
    inner join accounts on touches.platform = accounts.platform
    left join deals on touches.conversion_id = deals.conversion_id
    left join credits on touches.conversion_id = credits.conversion_id
),

dated as (
    select
        placed.*,
        definitions.time_zone,
        definitions.date_basis,
        twins.goal is not null as is_twin,
        case
            when placed.is_time_known and definitions.time_zone is not null
                then {{ local_date("placed.conversion_at", "definitions.time_zone") }}
            else placed.conversion_date
        end as account_date,
        case
            when placed.is_time_known and definitions.time_zone is not null
                then {{ local_date("placed.counted_at", "definitions.time_zone") }}
            else {{ local_date("placed.counted_at", "settings.reporting_zone") }}
        end as counted_date,
        definitions.currency_code,
        definitions.click_window_days is null
        or placed.touch_at
        > placed.counted_at - definitions.click_window_days * interval '1 day'
            as is_in_window
    from placed
    cross join settings
    inner join definitions
        on
            placed.platform = definitions.platform
            and placed.account_id = definitions.account_id
            and placed.goal = definitions.goal
            and placed.conversion_date >= definitions.since_date
            and placed.conversion_date < definitions.until_date
    left join twins
        on
            placed.platform = twins.platform
            and placed.account_id = twins.account_id
            and placed.goal = twins.goal
),

final as (
    select
        conversion_id,
        platform,
        account_id,
        campaign_id,
        goal,
        conversion_date,
        account_date,
        coalesce({{ local_date("touch_at", "time_zone") }}, account_date) as touched_date,
        case
            when
                date_basis = 'click_date'
                and time_zone is not null
                and not (is_twin and is_in_window)
                then {{ local_date("touch_at", "time_zone") }}
            when counted_at != conversion_at then counted_date
            else account_date
        end as claimable_date,
        coalesce(credited_platform = platform, false) as is_credited,
        credited_platform,
        is_standing,
        is_in_window,
        currency_code,
        gross_amount,
        net_amount
    from dated
)

select * from final
