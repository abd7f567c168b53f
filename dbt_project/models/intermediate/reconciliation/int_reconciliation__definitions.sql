{{ config(materialized="table") }}

-- What a platform's headline claims of a goal say of themselves, and from which day: another
-- window, zone, currency or date basis begins another span. The first reaches back to the start.
with claims as (
    select
        platform,
        coalesce(account_id, '(unknown)') as account_id,
        goal,
        max(tier) as tier,
        claim_date,
        min(click_window_days) as click_window_days,
        max(date_basis) as date_basis,
        max(time_zone) as time_zone,
        max(currency_code) as currency_code
    from {{ ref("fct_platform_claims") }}
    where is_headline and goal is not null
    group by platform, account_id, goal, claim_date
),

changes as (
    select * from claims
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
