{{ config(materialized="table") }}

-- What a platform's headline claims of a goal say of themselves, and from which day: another
-- window, zone, currency or date basis begins another span. The first reaches back to the start.
with claims as (
    select distinct
        source,
        platform,
        account_id,
        goal,
        tier,
        claim_date,
        action_id,
        click_window_days,
        date_basis,
        time_zone,
        currency_code
    from {{ ref("fct_platform_claims") }}
    where is_headline and goal is not null
),

-- A claim says how its action is set now, of days before a change too, on which it was counted as
-- it was set then: as the first change that was seen after the day left it.
settings as (
    select
        source,
        account_id,
        object_id,
        {{ local_date("observed_at", "company.reporting_zone") }} as changed_date,
        try_cast(old_value as integer) as click_window_days
    from {{ ref("int_settings__values") }}
    cross join {{ source("company", "settings") }} as company
    where setting = 'click_window_days' and old_value is not null
),

in_force as (
    select
        claims.platform,
        coalesce(claims.account_id, '(unknown)') as account_id,
        claims.goal,
        claims.tier,
        claims.claim_date,
        coalesce(
            min_by(settings.click_window_days, settings.changed_date), claims.click_window_days
        ) as click_window_days,
        claims.date_basis,
        claims.time_zone,
        claims.currency_code
    from claims
    left join settings
        on
            claims.source = settings.source
            and claims.account_id = settings.account_id
            and claims.action_id = settings.object_id
            and claims.claim_date < settings.changed_date
    group by
        claims.platform,
        claims.account_id,
        claims.goal,
        claims.tier,
        claims.claim_date,
        claims.action_id,
        claims.click_window_days,
        claims.date_basis,
        claims.time_zone,
        claims.currency_code
),

defined as (
    select
        platform,
        account_id,
        goal,
        max(tier) as tier,
        claim_date,
        min(click_window_days) as click_window_days,
        max(date_basis) as date_basis,
        max(time_zone) as time_zone,
        max(currency_code) as currency_code
    from in_force
    group by platform, account_id, goal, claim_date
),

changes as (
    select * from defined
    qualify
        (click_window_days, date_basis, time_zone, currency_code) is distinct from
        lag((click_window_days, date_basis, time_zone, currency_code)) over (
            partition by platform, account_id, goal order by claim_date
        )
),

spans as (
    select
        platform,
        account_id,
        goal,
        tier,
        claim_date,
        click_window_days,
        date_basis,
        time_zone,
        currency_code,
        row_number() over (
            partition by platform, account_id, goal order by claim_date
        ) as span_number,
        lead(claim_date) over (
            partition by platform, account_id, goal order by claim_date
        ) as next_date
    from changes
),

final as (
    select
        platform,
        account_id,
        goal,
        tier,
        case when span_number = 1 then cast('0001-01-01' as date) else claim_date end
            as since_date,
        coalesce(next_date, cast('9999-12-31' as date)) as until_date,
        click_window_days,
        date_basis,
        time_zone,
        currency_code
    from spans
)

select * from final
