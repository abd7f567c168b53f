"""What they ask for: contacts from enquiry forms, and the deals a few of them become."""

import duckdb

from sandbox.world import deal_lives
from sandbox.world.cuts import VISIT_COLUMNS

CONTACTS = f"""
-- every form that was sent, those too that the CRM never heard of
create table asked as
select *, later(visit_at, 120 + 1500 * draw(visit_id, 'asked after')) as created_at,
    case kind when 'wedding' then 'wedding_enquiry' else 'company_event' end as form
from visits_drawn
where is_converting and kind <> 'shop';

-- people are numbered by the first form they sent: one that is lost moves nobody else's draws
create table first_forms as
with first as (
    select * from asked
    qualify row_number() over (partition by person_id order by visit_at, visit_id) = 1
)
select *, row_number() over (order by created_at, visit_id) as number,
    70000000000 + number * 977 + draw_integer(number, 'contact id', 0, 976) as contact_id
from first
where created_at < closes_at();

create table contacts_drawn as
with met as (
    select * from asked
    where not is_form_lost
    -- the CRM keeps one contact per address: a second enquiry makes no new one
    qualify row_number() over (partition by person_id order by visit_at, visit_id) = 1
),
-- the CRM's cookie, where allowed, remembers the click ids of the last thirty days
remembered as (
    select met.visit_id,
        arg_max(earlier.click_id, earlier.visit_at)
            filter (earlier.click_id_kind = 'gclid') as gclid,
        arg_max(earlier.click_id, earlier.visit_at)
            filter (earlier.click_id_kind = 'fbclid') as fbclid
    from met
    inner join visits_drawn as earlier
        on met.client_id = earlier.client_id and earlier.visit_at <= met.visit_at
        and earlier.visit_at > met.visit_at - interval 30 days
        and (met.analytics_consent or met.visit_id = earlier.visit_id)
    where not earlier.click_id_lost
    group by met.visit_id
),
numbered as (
    select met.*, remembered.fbclid, number, contact_id,
        case when draw(visit_id, 'field lost')
            >= form_field_lost_share(created_at, {VISIT_COLUMNS}) then remembered.gclid end
            as gclid
    from met
    inner join (select person_id, number, contact_id from first_forms) as first_forms
        using (person_id)
    left join remembered using (visit_id)
    where created_at < closes_at()
)
select numbered.*,
    draw(number, 'qualified') < qualified_share(created_at, {VISIT_COLUMNS}) as is_qualified,
    later(created_at, 86400 * (0.3 + 4 * draw(number, 'qualified after'))) as qualified_at
from numbered;
"""

# Whoever asks again changes the contact that is there; the click is one of the time since.
RETURNS = f"""
create table return_forms as
with again as (
    select asked.*,
        lag(asked.created_at) over (
            partition by asked.person_id order by asked.created_at, asked.visit_id
        ) as previous_at
    from asked
    inner join first_forms using (person_id)
    where asked.created_at >= first_forms.created_at
),
remembered as (
    select again.visit_id,
        arg_max(earlier.click_id, earlier.visit_at)
            filter (earlier.click_id_kind = 'gclid') as gclid,
        arg_max(earlier.click_id, earlier.visit_at)
            filter (earlier.click_id_kind = 'fbclid') as fbclid
    from again
    inner join visits_drawn as earlier
        on again.client_id = earlier.client_id and earlier.visit_at <= again.visit_at
        and earlier.visit_at > greatest(again.visit_at - interval 30 days, again.previous_at)
        and (again.analytics_consent or again.visit_id = earlier.visit_id)
    where not earlier.click_id_lost
    group by again.visit_id
),
numbered as (
    select again.*, fbclid,
        case when draw(visit_id, 'field lost')
            >= form_field_lost_share(created_at, {VISIT_COLUMNS}) then gclid end as gclid,
        5000000 + row_number() over (order by created_at, visit_id) as number
    from again
    left join remembered using (visit_id)
    -- the same form sent in twice within the hour is one enquiry
    where created_at > previous_at + interval 1 hour and created_at < closes_at()
)
select * from numbered;

create table returns_drawn as
select numbered.*, contacts_drawn.contact_id,
    draw(numbered.number, 'qualified') < qualified_share(numbered.created_at,
        numbered.platform, numbered.campaign_id, numbered.device, numbered.browser,
        numbered.country, numbered.page, numbered.kind) as is_qualified,
    later(numbered.created_at, 86400 * (0.3 + 4 * draw(numbered.number, 'qualified after')))
        as qualified_at
from return_forms as numbered
inner join contacts_drawn using (person_id)
where not numbered.is_form_lost and numbered.visit_id <> contacts_drawn.visit_id
    and numbered.created_at >= contacts_drawn.created_at;
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
            * deal_value_factor(created_at, kind, country)
            * exp(0.5 * draw_normal(number, 'estimate') - 0.12)))::bigint * 10000
            as estimate_cents,
        draw(number, 'won') < won_share(created_at, kind, country) as is_won,
        draw(number, 'viewing') < viewing_share(qualified_at, kind, country) as has_viewing
    from (
        select number, contact_id, person_id, visit_id, kind, country, created_at, is_qualified,
            qualified_at
        from contacts_drawn
        union all
        select number, contact_id, person_id, visit_id, kind, country, created_at, is_qualified,
            qualified_at
        from returns_drawn
    )
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
    case when is_won and draw(number, 'cancelled later')
            < won_then_cancelled_share(closed_at, kind, country)
        then later(closed_at, 86400 * (5 + 35 * draw(number, 'cancelled day')))
    end as lost_again_at
from closed
-- older deals are kept only if they were still open when the world opens
where qualified_at < closes_at() and (created_at >= opens_at() or closed_at >= opens_at());
"""

CONTACTS_OUT = """
create table contacts as
select contact_id, person_id,
    -- some are known for long, from a newsletter or a fair, before they ask
    case when is_known_before
        then later(created_at, -86400 * (5 + 115 * draw(number, 'known for'))) else created_at
    end as created_at,
    case when created_at >= opens_at() and visits_known.visit_id is not null
        then contacts_drawn.visit_id end as visit_id,
    form,
    case when has_other_email then replace(email, '@', '.work@')
        when draw(number, 'typed capitals') < 0.1 then upper(email)
        else email end as email,
    phone, first_name, last_name,
    gclid, fbclid, utm_source, utm_medium, utm_campaign, archived_at
from (
    select *, case when draw(number, 'archived')
            < archived_contact_share(created_at, kind, country)
        then later(created_at, 86400 * (2 + 30 * draw(number, 'archived after')))
        end as archived_drawn,
        case when archived_drawn < closes_at() then archived_drawn end as archived_at,
        draw(number, 'known before') < known_before_share(created_at, kind, country)
            as is_known_before,
        draw(number, 'other email') < other_email_share(created_at, kind, country)
            as has_other_email
    from contacts_drawn
) as contacts_drawn
inner join people_drawn using (person_id)
left join (select visit_id from visits) as visits_known using (visit_id)
where contacts_drawn.created_at >= opens_at()
    or contact_id in (select contact_id from deal_courses);

-- whoever is added to a deal by hand has never asked
insert into contacts
select 72000000000 + number, person_id, entered_at, null, null, 'partner.' || email, phone,
    first_name, last_name, null, null, null, null, null, null
from deal_lives
inner join people_drawn using (person_id)
where has_partner;
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
with shown as (
    select deal_id, entered_at, number, life from deal_lives
    union all
    select twin_id, later(qualified_at, 7200), number, 'twin' from deal_lives where is_entered_twice
)
select shown.deal_id, deal_courses.contact_id,
    concat(case deal_courses.kind when 'wedding' then 'Wedding ' else 'Company event ' end,
        shown.deal_id % 100000) as deal_name,
    case deal_courses.kind when 'wedding' then 'weddings' else 'events' end as pipeline,
    latest.amount, deal_courses.currency_code, shown.entered_at as created_at,
    case when shown.life = 'deleted' and deleted_at < closes_at() then deleted_at end
        as archived_at,
    case when deal_courses.created_at >= opens_at() then visits.visit_id end as visit_id,
    caused_by.platform as caused_by_platform, caused_by.campaign_id as caused_by_campaign_id
from shown
inner join deal_lives using (number)
inner join deal_courses using (number)
inner join (
    select deal_id, arg_max(amount, entered_at) as amount from deal_stages group by deal_id
) as latest on shown.deal_id = latest.deal_id
left join visits on deal_courses.visit_id = visits.visit_id
-- the platforms claim the first enquiry of a person
left join caused_by on caused_by.goal = 'lead' and caused_by.goal_id = deal_courses.contact_id
    and deal_courses.number < 5000000;
"""


def enquire(con: duckdb.DuckDBPyConnection) -> None:
    """Make contacts, their life, and the course of each deal."""
    con.execute(CONTACTS)
    con.execute(RETURNS)
    con.execute(DEALS)
    deal_lives.live(con)
    con.execute(CONTACTS_OUT)
    con.execute(CONTACT_UPDATES)


def close_books_on_deals(con: duckdb.DuckDBPyConnection) -> None:
    """Make `deals`, once it is known which ad, if any, caused each."""
    con.execute(DEALS_OUT)
    deal_lives.come_back(con)
