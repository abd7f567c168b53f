-- Days in a row on which an account claims conversions of a goal, by the action and on the kind of
-- day that the company calls its headline, and none within the headline's windows: the platform
-- counts by others. A smaller window may miss a day or two by chance, so the days are more in a row
-- than the other days let expect, or there was never any other. Of such days the headline number
-- is not known; `observed` says what the claims are by, and what to set.
{#- So many days at least, and no likelier than this by chance. -#}
{%- set least_days, chance = 3, "0.0001" %}
with claims as (
    select
        claims.platform,
        claims.account_id,
        claims.goal,
        claims.tier,
        claims.claim_date,
        claims.is_headline,
        claims.claimed_conversions,
        claims.claimed_amount_local,
        claims.currency_code,
        claims.date_basis = coalesce(headlines.date_basis, claims.date_basis) as is_of_the_basis,
        coalesce('feed ' || claims.feed, claims.source) as set_for,
        case
            when headlines.source is not null
                then
                    coalesce(headlines.date_basis || ', ', '')
                    || coalesce(
                        'click_window_days '
                        || cast(headlines.click_window_days as {{ dbt.type_string() }}),
                        'any click_window_days'
                    )
                    || case
                        when headlines.include_view
                            then coalesce(
                                ', view_window_days '
                                || cast(headlines.view_window_days as {{ dbt.type_string() }}),
                                ', with views'
                            )
                        else ', without views'
                    end
        end as headline_text,
        claims.date_basis
        || coalesce(
            ', click_window_days ' || cast(claims.click_window_days as {{ dbt.type_string() }}), ''
        )
        || coalesce(
            ', view_window_days ' || cast(claims.view_window_days as {{ dbt.type_string() }}),
            ', without views'
        ) as definition_text
    from {{ ref("fct_platform_claims") }} as claims
    inner join {{ ref("int_claims__actions") }} as actions
        on claims.action_key = actions.action_key
    left join {{ ref("int_claims__headlines") }} as headlines
        on claims.source = headlines.source and claims.feed is not distinct from headlines.feed
    where
        actions.is_headline
        and claims.goal is not null
        and claims.claimed_conversions > 0
        and not coalesce(claims.is_view_through, false)
),

days as (
    select
        platform,
        account_id,
        goal,
        claim_date,
        max(tier) as tier,
        bool_or(is_headline) as has_headline,
        bool_or(is_of_the_basis) as is_of_the_basis,
        sum(claimed_conversions) as claimed_conversions,
        sum(claimed_amount_local) as claimed_amount_local,
        max(currency_code) as currency_code,
        max(set_for) as set_for,
        max(headline_text) as headline_text,
        min(definition_text) as first_text,
        max(definition_text) as last_text
    from claims
    group by platform, account_id, goal, claim_date
),

-- A day between two headline days is of the run that the headline days before it number.
numbered as (
    select
        *,
        sum(case when has_headline then 1 else 0 end) over (
            partition by platform, account_id, goal order by claim_date
            rows between unbounded preceding and current row
        ) as run_number,
        min(case when has_headline then claim_date end) over (
            partition by platform, account_id, goal order by claim_date
            rows between 1 following and unbounded following
        ) as next_headline_date,
        count(case when has_headline then 1 end) over (
            partition by platform, account_id, goal
        ) as headline_days,
        count(case when not has_headline and is_of_the_basis then 1 end) over (
            partition by platform, account_id, goal
        ) as other_days
    from days
),

runs as (
    select
        platform,
        account_id,
        goal,
        run_number,
        max(tier) as tier,
        min(claim_date) as since_date,
        max(claim_date) as last_claim_date,
        min({{ add_days("next_headline_date", -1) }}) as until_date,
        max(headline_days) as headline_days,
        max(other_days) as other_days,
        count(case when is_of_the_basis then 1 end) as run_days,
        sum(claimed_conversions) as claimed_conversions,
        sum(claimed_amount_local) as claimed_amount_local,
        max(currency_code) as currency_code,
        max(set_for) as set_for,
        max(headline_text) as headline_text,
        min(first_text) as first_text,
        max(last_text) as last_text
    from numbered
    where not has_headline
    group by platform, account_id, goal, run_number
),

final as (
    select
        platform,
        account_id,
        goal,
        tier,
        since_date,
        until_date,
        last_claim_date,
        headline_days > 0 as was_known,
        run_days,
        claimed_conversions,
        claimed_amount_local,
        currency_code,
        coalesce(
            'headline_claim of ' || set_for || ' says ' || headline_text,
            set_for || ' has no headline_claim'
        )
        || ', its claims since ' || cast(since_date as {{ dbt.type_string() }}) || ' are by '
        || first_text
        || case when last_text != first_text then ' to ' || last_text else '' end
        || case
            when headline_text is null then ': set that as its headline_claim'
            else
                ': set that, or leave the windows out, by which each day counts by its own'
        end as observed
    from runs
    where
        headline_days = 0
        or (
            run_days >= {{ least_days }}
            and power(
                (other_days - run_days + 1.0) / (headline_days + other_days - run_days + 1.0),
                run_days
            ) < {{ chance }}
        )
)

select * from final
