"""What they ask for: contacts from enquiry forms, and the deals a few of them become."""

import duckdb

CONTACTS = """
create table contacts_drawn as
with asked as (
    select *, later(visit_at, 120 + 1500 * draw(visit_id, 'asked after')) as created_at,
        case kind when 'wedding' then 'wedding_enquiry' else 'company_event' end as form
    from visits_drawn
    where is_converting and kind <> 'shop'
    -- the CRM keeps one contact per address: a second enquiry makes no new one
    qualify row_number() over (partition by person_id order by visit_at, visit_id) = 1
),
-- the CRM's cookie, where allowed, remembers the click ids of the last thirty days
remembered as (
    select asked.visit_id,
        arg_max(earlier.click_id, earlier.visit_at)
            filter (earlier.click_id_kind = 'gclid') as gclid,
        arg_max(earlier.click_id, earlier.visit_at)
            filter (earlier.click_id_kind = 'fbclid') as fbclid
    from asked
    inner join visits_drawn as earlier
        on asked.client_id = earlier.client_id and earlier.visit_at <= asked.visit_at
        and earlier.visit_at > asked.visit_at - interval 30 days
        and (asked.analytics_consent or asked.visit_id = earlier.visit_id)
    where not earlier.click_id_lost
    group by asked.visit_id
),
numbered as (
    select *, row_number() over (order by created_at, visit_id) as number
    from asked
    left join remembered using (visit_id)
    where created_at < closes_at()
)
select numbered.*,
    70000000000 + number * 977 + draw_integer(number, 'contact id', 0, 976) as contact_id,
    draw(number, 'qualified') < qualified_share() as is_qualified,
    later(created_at, 86400 * (0.3 + 4 * draw(number, 'qualified after'))) as qualified_at
from numbered;
"""

# Days each stage lasts are drawn per deal; amounts are whole cents
DEALS = """
create table deal_courses as
with opened as (
    select *,
        80000000000 + number * 1201 + draw_integer(number, 'deal id', 0, 1200) as deal_id,
        case when country = 'GB' and draw(number, 'currency') < 0.7 then 'GBP' else 'EUR' end
            as currency_code,
        case kind when 'wedding' then 1.0 else 0.55 end as pace,
        -- hundreds of the deal's currency: a long right tail around 38 and 15
        greatest(4, round(case kind when 'wedding' then 38 else 15 end
            * exp(0.5 * draw_normal(number, 'estimate') - 0.12)))::bigint * 10000
            as estimate_cents,
        draw(number, 'won') < won_share() as is_won,
        draw(number, 'viewing') < 0.75 as has_viewing
    from contacts_drawn
    where is_qualified
),
valued as (
    select *,
        estimate_cents * draw_integer(number, 'revised', 80, 130) // 500000 * 5000
            as proposal_cents,
        later(qualified_at, 86400 * pace * (1 + 10 * draw(number, 'viewing day')))
            as viewing_at
    from opened
),
proposed as (
    select *, later(viewing_at, 86400 * pace * (1 + 11 * draw(number, 'proposal day')))
            as proposal_at,
        -- the last haggle, to the cent
        proposal_cents * draw_integer(number, 'haggled', 9300, 10300) // 10000 as won_cents
    from valued
),
closed as (
    select *, later(proposal_at, 86400 * pace * (1 + 17 * draw(number, 'closing day')))
            as closed_at
    from proposed
)
select *,
    case when is_won and draw(number, 'cancelled later') < won_then_cancelled_share()
        then later(closed_at, 86400 * (5 + 35 * draw(number, 'cancelled day')))
    end as lost_again_at
from closed
-- older deals are kept only if they were still open when the world opens
where qualified_at < closes_at() and (created_at >= opens_at() or closed_at >= opens_at());

create table deal_stages as
select deal_id, stage, entered_at, money(cents) as amount from (
    select deal_id, 'enquiry' as stage, qualified_at as entered_at, estimate_cents as cents
    from deal_courses
    union all
    select deal_id, 'viewing', viewing_at, estimate_cents from deal_courses where has_viewing
    union all
    select deal_id, 'proposal', proposal_at, proposal_cents from deal_courses
    union all
    select deal_id, case when is_won then 'closedwon' else 'closedlost' end, closed_at,
        case when is_won then won_cents else proposal_cents end
    from deal_courses
    union all
    select deal_id, 'closedlost', lost_again_at, won_cents
    from deal_courses where lost_again_at is not null
)
where entered_at < closes_at();
"""

CONTACTS_OUT = """
create table contacts as
select contact_id, person_id, created_at,
    case when created_at >= opens_at() and visits_known.visit_id is not null
        then contacts_drawn.visit_id end as visit_id,
    form,
    case when draw(number, 'other email') < other_email_share()
        then replace(email, '@', '.work@')
        when draw(number, 'typed capitals') < 0.1 then upper(email)
        else email end as email,
    phone, first_name, last_name,
    gclid, fbclid, utm_source, utm_medium, utm_campaign, archived_at
from (
    select *, case when draw(number, 'archived') < archived_contact_share()
        then later(created_at, 86400 * (2 + 30 * draw(number, 'archived after')))
        end as archived_drawn,
        case when archived_drawn < closes_at() then archived_drawn end as archived_at
    from contacts_drawn
) as contacts_drawn
inner join people_drawn using (person_id)
left join (select visit_id from visits) as visits_known using (visit_id)
where created_at >= opens_at() or contact_id in (select contact_id from deal_courses);
"""

CONTACT_UPDATES = """
create table contact_updates as
with stepped as (
    select contact_id, created_at as updated_at, 'lead' as lifecycle_stage from contacts_drawn
    union all
    select contact_id, later(created_at, 3600 * (1 + 6 * draw(number, 'marketing'))),
        'marketingqualifiedlead'
    from contacts_drawn where is_qualified or draw(number, 'marketing yes') < 0.5
    union all
    select contact_id, qualified_at, 'salesqualifiedlead' from contacts_drawn where is_qualified
    union all
    select contact_id, later(created_at, 86400 * (1 + 5 * draw(number, 'put aside'))), 'other'
    from contacts_drawn where not is_qualified and draw(number, 'other') < 0.3
    union all
    select contact_id, closed_at, 'customer' from deal_courses where is_won
)
select contact_id, updated_at, lifecycle_stage
from stepped
inner join contacts using (contact_id)
where updated_at < closes_at();
"""

DEALS_OUT = """
create table deals as
select deal_id, contact_id,
    concat(case kind when 'wedding' then 'Wedding ' else 'Company event ' end, deal_id % 100000)
        as deal_name,
    case kind when 'wedding' then 'weddings' else 'events' end as pipeline,
    latest.amount, currency_code, qualified_at as created_at,
    caused_by.platform as caused_by_platform, caused_by.campaign_id as caused_by_campaign_id
from deal_courses
inner join (
    select deal_id, arg_max(amount, entered_at) as amount from deal_stages group by deal_id
) as latest using (deal_id)
left join caused_by on caused_by.goal = 'lead' and caused_by.goal_id = contact_id;
"""


def enquire(con: duckdb.DuckDBPyConnection) -> None:
    """Make contacts, their life, and the course of each deal."""
    con.execute(CONTACTS)
    con.execute(DEALS)
    con.execute(CONTACTS_OUT)
    con.execute(CONTACT_UPDATES)


def close_books_on_deals(con: duckdb.DuckDBPyConnection) -> None:
    """Make `deals`, once it is known which ad, if any, caused each."""
    con.execute(DEALS_OUT)
