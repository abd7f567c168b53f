"""Who takes the credit, and who deserves it.

`credits` holds, per conversion and platform, the ad the platform's own rules point at. The
truth draws at most one cause among them, by each campaign's true effect; the platforms claim
whatever of them they saw or modelled, ignoring each other.
"""

import duckdb

from sandbox.world.cuts import CLAIM_COLUMNS

# An enquiry's second action is of the lead, not of the form
QUALIFIED_COLUMNS = "credits.platform, 'qualified_lead', seen_as, credits.campaign_id, " \
    "credits.device, credits.browser, credits.country"  # fmt: skip

CONVERSIONS = """
create table conversions as
select goal, goal_id, kind, person_id, converted_at, cents, is_other_device, device, browser,
    country,
    row_number() over (order by converted_at, goal, goal_id) as number
from (
    select 'purchase' as goal, order_id as goal_id, 'shop' as kind, person_id,
        ordered_at as converted_at, total_cents as cents, is_other_device, device, browser,
        country
    from orders_drawn
    where not is_test
    union all
    -- of a form that was lost on the way the platforms' tags know all the same
    select 'lead', contact_id, kind, person_id, created_at,
        (100 * case kind when 'wedding' then wedding_lead_value(created_at, country)
            else event_lead_value(created_at, country) end)::bigint,
        is_other_device, device, browser, country
    from first_forms
);
"""

CREDITS = """
create table credits as
with clicks as (
    select conversions.*, ad_clicks_drawn.platform, account_id, campaign_id, ad_group_id, ad_id,
        'click' as seen_as, clicked_at as touched_at,
        ads_consent and not click_id_lost and not is_other_device as is_traceable, ads_consent
    from conversions
    inner join ad_clicks_drawn
        on conversions.person_id = ad_clicks_drawn.person_id
        and clicked_at <= converted_at
        and clicked_at > converted_at - to_days(case ad_clicks_drawn.platform
            when 'google_ads' then google_click_days() else meta_click_days() end)
    qualify row_number() over (
        partition by number, ad_clicks_drawn.platform order by clicked_at desc, click_id) = 1
),
views as (
    select conversions.*, ad_views_drawn.platform, account_id, campaign_id, ad_group_id, ad_id,
        'view' as seen_as, viewed_at as touched_at,
        allows_ads(conversions.person_id, viewed_at, ad_views_drawn.platform, campaign_id, device,
            browser, country, null, kind) as ads_consent,
        ads_consent and not is_other_device as is_traceable
    from conversions
    inner join ad_views_drawn
        on conversions.person_id = ad_views_drawn.person_id
        and viewed_at <= converted_at and viewed_at > converted_at - to_days(view_days())
    qualify row_number() over (
        partition by number, ad_views_drawn.platform order by viewed_at desc, view_draw) = 1
),
-- a click inside the headline window wins over any view
unclicked as (
    select views.*
    from views
    left join clicks
        on views.number = clicks.number and views.platform = clicks.platform
        and (clicks.platform = 'google_ads' or clicks.touched_at
            > clicks.converted_at - to_days(meta_headline_click_days()))
    where clicks.number is null
)
select *, row_key(number, platform, seen_as) as credit_draw,
    -- the headline claim: Google counts clicks, Meta seven days of clicks and one of views
    case platform when 'google_ads' then seen_as = 'click'
        else seen_as = 'view'
            or touched_at > converted_at - to_days(meta_headline_click_days())
    end as is_headline
from (select * from clicks union all by name select * from unclicked);
"""

CAUSES = """
create table caused_by as
with weighed as (
    select number, goal, goal_id, credits.platform, credits.campaign_id, true_effect,
        sum(true_effect) over (
            partition by number order by credits.platform
            rows between unbounded preceding and current row
        ) as reached,
        greatest(1.0, sum(true_effect) over (
            partition by number order by credits.platform
            rows between unbounded preceding and unbounded following
        )) as total
    from credits
    inner join plans using (campaign_id)
    where is_headline
)
select goal, goal_id, platform, campaign_id
from weighed
where draw(number, 'cause') * total >= reached - true_effect
    and draw(number, 'cause') * total < reached;
"""

CLAIMS = f"""
create table claims as
with traced as (
    select *,
        is_traceable and draw(credit_draw, 'traced')
            < claim_observed_share(converted_at, {CLAIM_COLUMNS}) as is_traced,
        draw(credit_draw, 'in reports') < claim_reported_share(converted_at, {CLAIM_COLUMNS})
            as is_reported,
        copies_of(
            draw(credit_draw, 'counted twice')
                < doubled_claim_share(converted_at, {CLAIM_COLUMNS}),
            draw(credit_draw, 'counted again')
                < second_action_share(converted_at, {CLAIM_COLUMNS})) as copies
    from credits
    where converted_at >= opens_at()
        and epoch(converted_at) - epoch(touched_at)
            < 86400 * claim_window_days(converted_at, {CLAIM_COLUMNS})
),
claimed as (
    select * replace (
            cents * case when not is_traced then 1
                when draw(credit_draw, 'worthless')
                    < claim_worthless_share(converted_at, {CLAIM_COLUMNS}) then 0
                when draw(credit_draw, 'in cents')
                    < claim_cents_share(converted_at, {CLAIM_COLUMNS}) then 100
                else 1 end as cents),
        goal as action,
        not is_traced and (platform = 'google_ads' or not ads_consent) as is_modelled,
        later(converted_at,
            case platform when 'google_ads' then 3600 * (3 + 9 * draw(credit_draw, 'reported'))
                else 3600 * (0.5 + 5 * draw(credit_draw, 'reported')) end
            + 3600 * claim_delay_hours(converted_at, {CLAIM_COLUMNS})
            + case when draw(credit_draw, 'slow')
                    < slow_claim_share(converted_at, {CLAIM_COLUMNS})
                then 86400 * (1 + 2 * draw(credit_draw, 'slowness')) else 0 end
            + case when is_traced then 0 when platform = 'google_ads'
                then 86400 * (2 + 4 * draw(credit_draw, 'modelled after'))
                else 86400 * draw(credit_draw, 'modelled after') end
        ) as known_at
    from traced
    where is_reported and (is_traced or draw(credit_draw, 'recovered') < case platform
        when 'google_ads' then google_modelled_share(converted_at, {CLAIM_COLUMNS})
        else meta_server_share(converted_at, {CLAIM_COLUMNS}) end)
),
-- qualified leads are uploaded every night, by the gclid the form kept
qualified as (
    select credits.* replace (qualified_at as converted_at,
            (cents / qualified_share())::bigint as cents),
        'qualified_lead' as action, false as is_modelled,
        later(date_trunc('day', qualified_at) + interval 27 hours,
            3600 * 6 * draw(credit_draw, 'uploaded')
            + 3600 * claim_delay_hours(qualified_at, {QUALIFIED_COLUMNS})) as known_at,
        copies_of(
            draw(credit_draw, 'counted twice')
                < doubled_claim_share(qualified_at, {QUALIFIED_COLUMNS}),
            draw(credit_draw, 'counted again')
                < second_action_share(qualified_at, {QUALIFIED_COLUMNS})) as copies
    from credits
    inner join contacts_drawn on goal = 'lead' and goal_id = contacts_drawn.contact_id
    inner join contacts on contacts.contact_id = contacts_drawn.contact_id
    where credits.platform = 'google_ads' and seen_as = 'click' and is_qualified
        and contacts.gclid is not null
        and draw(credit_draw, 'uploaded at all')
            < claim_reported_share(qualified_at, {QUALIFIED_COLUMNS})
        and qualified_at >= opens_at() and qualified_at < closes_at()
        and qualified_at < touched_at + to_days(google_click_days())
),
everything as (
    select number, goal, goal_id, platform, account_id, campaign_id, ad_group_id, ad_id, action,
        seen_as, touched_at, converted_at, cents, is_modelled, known_at, copies
    from claimed
    union all
    select number, goal, goal_id, platform, account_id, campaign_id, ad_group_id, ad_id, action,
        seen_as, touched_at, converted_at, cents, is_modelled, known_at, copies
    from qualified
),
counted as (
    select *, unnest(copies) as copy from everything
)
select
    row_number() over (order by converted_at, number, platform, seen_as, action, copy)
        as claim_id,
    counted.platform, counted.account_id, campaign_id, ad_group_id, ad_id,
    case copy when 2 then action || '_again' else action end as action,
    case goal when 'purchase' then goal_id end as order_id,
    case goal when 'lead' then goal_id end as contact_id,
    seen_as as kind, touched_at, converted_at,
    round(money(cents) * units_per_eur, 2)::decimal(18, 2) as value_amount_local,
    is_modelled, known_at
from counted
inner join rates
    on local_date(zone_of_platform(counted.platform), converted_at) = rate_date
    and currency_of_platform(counted.platform) = currency_code;
"""


def convert(con: duckdb.DuckDBPyConnection) -> None:
    """Make `conversions`: what the platforms could claim, orders and enquiries alike."""
    con.execute(CONVERSIONS)


def share_credit(con: duckdb.DuckDBPyConnection) -> None:
    """Make `credits`, the true `caused_by` and the platforms' `claims`."""
    # What a claim counts as: itself, again by the same action, again by another one
    con.execute("""
        create macro copies_of(is_doubled, has_second) as list_filter(
            [0, case when is_doubled then 1 end, case when has_second then 2 end],
            lambda copy: copy is not null)
    """)
    con.execute(CREDITS)
    con.execute(CAUSES)
    con.execute(CLAIMS)
