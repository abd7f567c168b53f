"""What a CRM goes through after the fact: amounts put right, wins taken back, deals entered twice,
imported or deleted, people who come back, and what was done about each enquiry.

Every life has its true movements of money beside what the CRM shows of it. What is put right
within the hour is put right on the same day, so that no day's books end between the two.
"""

import duckdb

LIVES = """
create macro within_day(instant, seconds) as greatest(
    least(
        later(instant, seconds),
        from_local('Europe/Lisbon', (reporting_date(instant) + 1)::timestamp) - interval 1 second
    ),
    instant + interval 1 second
);
create macro won_stage(kind) as case kind when 'wedding' then 'closedwon' else '1049659' end;
create macro lost_stage(kind) as case kind when 'wedding' then 'closedlost' else '1049660' end;

create table deal_lives as
with fated as (
    select *, draw(number, 'life of a deal') as fate from deal_courses
),
lived as (
    select *,
        case
            when is_won and created_at < opens_at() and closed_at >= opens_at()
                and closed_at < opens_at() + interval 10 days
                and fate < imported_deal_share(closed_at, kind, country)
                then 'imported'
            when lost_again_at is not null and fate < 0.3 then 'won again'
            when lost_again_at is not null and fate < 0.5 then 'moved back'
            when lost_again_at is not null then 'fell through'
            when is_won and fate < placeholder_share(closed_at, kind, country) then 'placeholder'
            when is_won and fate < placeholder_share(closed_at, kind, country)
                + late_amount_share(closed_at, kind, country) then 'late amount'
            when is_won and fate < 0.15 then 'quick fix'
            when is_won and fate < 0.15 + amended_share(closed_at, kind, country) then 'amended'
            when fate > 1 - deleted_deal_share(closed_at, kind, country) then 'deleted'
            when not is_won and fate < mistaken_win_share(closed_at, kind, country)
                then 'won by mistake'
            when not is_won and fate < mistaken_win_share(closed_at, kind, country)
                + reopened_share(closed_at, kind, country) then 'reopened'
            else 'plain'
        end as life
    from fated
)
select *,
    case
        when life = 'imported' then later(opens_at(), 86400 * 12 + 36000 + number % 3600)
        else qualified_at
    end as entered_at,
    within_day(closed_at, 60 + 3000 * draw(number, 'put right')) as fixed_at,
    later(closed_at, 86400 * (3 + 9 * draw(number, 'known late'))) as known_at,
    later(closed_at, 86400 * (2 + 38 * draw(number, 'amended day'))) as amended_at,
    won_cents * draw_integer(number, 'amended to', 80, 119) // 100 as amended_cents,
    later(closed_at, 86400 * (2 + 20 * draw(number, 'deleted day'))) as deleted_at,
    later(proposal_at, 0.5 * epoch(closed_at - proposal_at)) as mistaken_at,
    within_day(
        later(proposal_at, 0.5 * epoch(closed_at - proposal_at)), 3600
    ) as unmistaken_at,
    later(closed_at, 86400 * (4 + 9 * draw(number, 'reopened day'))) as reopened_at,
    later(closed_at, 86400 * (16 + 9 * draw(number, 'won in the end'))) as rewon_at,
    later(lost_again_at, 86400 * (5 + 15 * draw(number, 'won again day'))) as again_at,
    life not in ('imported', 'deleted') and draw(number, 'entered twice')
        < entered_twice_share(closed_at, kind, country) as is_entered_twice,
    draw(number, 'two of them') < partner_share(qualified_at, kind, country) as has_partner,
    81000000000 + 2 * number as merged_id,
    81000000001 + 2 * number as twin_id
from lived;

create table deal_states as
with states as (
    select *, unnest([
        case when life <> 'imported' then {'stage': 'enquiry', 'at': qualified_at,
            'cents': estimate_cents, 'closed': null::timestamp, 'by': 'CRM_UI'} end,
        case when life <> 'imported' and has_viewing then {'stage': 'viewing', 'at': viewing_at,
            'cents': estimate_cents, 'closed': null, 'by': 'CRM_UI'} end,
        case when life <> 'imported' then {'stage': 'proposal', 'at': proposal_at,
            'cents': proposal_cents, 'closed': null, 'by': 'CRM_UI'} end,
        case when life = 'won by mistake' then {'stage': won_stage(kind), 'at': mistaken_at,
            'cents': proposal_cents, 'closed': mistaken_at, 'by': 'CRM_UI'} end,
        case when life = 'won by mistake' then {'stage': 'proposal', 'at': unmistaken_at,
            'cents': proposal_cents, 'closed': mistaken_at, 'by': 'CRM_UI'} end,
        {'stage': case when is_won then won_stage(kind) else lost_stage(kind) end,
            'at': case when life = 'imported' then entered_at else closed_at end,
            'cents': case life when 'placeholder' then 0 when 'late amount' then null
                when 'quick fix' then proposal_cents + 100
                else case when is_won then won_cents else proposal_cents end end,
            'closed': closed_at, 'by': case life when 'imported' then 'IMPORT' else 'CRM_UI' end},
        case when life in ('placeholder', 'quick fix') then {'stage': won_stage(kind),
            'at': fixed_at, 'cents': won_cents, 'closed': closed_at, 'by': 'CRM_UI'} end,
        case when life = 'late amount' then {'stage': won_stage(kind), 'at': known_at,
            'cents': won_cents, 'closed': closed_at, 'by': 'CRM_UI'} end,
        case when life = 'amended' then {'stage': won_stage(kind), 'at': amended_at,
            'cents': amended_cents, 'closed': closed_at, 'by': 'CRM_UI'} end,
        case when life = 'reopened' then {'stage': 'proposal', 'at': reopened_at,
            'cents': proposal_cents, 'closed': closed_at, 'by': 'CRM_UI'} end,
        case when life = 'reopened' then {'stage': won_stage(kind), 'at': rewon_at,
            'cents': won_cents, 'closed': rewon_at, 'by': 'CRM_UI'} end,
        case when lost_again_at is not null then {'stage': case life when 'moved back'
            then 'proposal' else lost_stage(kind) end, 'at': lost_again_at, 'cents': won_cents,
            'closed': lost_again_at, 'by': 'CRM_UI'} end,
        case when life = 'won again' then {'stage': won_stage(kind), 'at': again_at,
            'cents': proposal_cents, 'closed': again_at, 'by': 'CRM_UI'} end
    ]) as state
    from deal_lives
)
select deal_id, state.stage, state.at as entered_at, money(state.cents) as amount,
    null::varchar as currency_code, state.closed as closed_at, state.by as written_by
from states
where state is not null
union all
-- entered by a colleague too, and merged the same morning
select twin_id, 'enquiry', later(qualified_at, 7200), money(estimate_cents), null, null, 'CRM_UI'
from deal_lives where is_entered_twice;

create table deal_stages as
select * from deal_states where entered_at < closes_at();
"""

MOVEMENTS = """
create table deal_movements as
with moved as (
    select *, case when is_entered_twice and later(qualified_at, 10800) < closes_at()
        then merged_id else deal_id end as sold_id,
        unnest([
            case
                when is_won and life = 'late amount'
                    then {'type': 'sale', 'at': known_at, 'cents': won_cents}
                when is_won then {'type': 'sale', 'at': closed_at, 'cents': won_cents}
                when life = 'reopened' then {'type': 'sale', 'at': rewon_at, 'cents': won_cents}
            end,
            case when life = 'amended' then {'type': 'correction', 'at': amended_at,
                'cents': amended_cents - won_cents} end,
            case when life = 'deleted' and is_won then {'type': 'cancellation', 'at': deleted_at,
                'cents': - won_cents} end,
            case when lost_again_at is not null then {'type': 'cancellation',
                'at': lost_again_at, 'cents': - won_cents} end,
            case when life = 'won again' then {'type': 'sale', 'at': again_at,
                'cents': proposal_cents} end
        ]) as movement
    from deal_lives
)
select 'hubspot:' || sold_id as conversion_id, movement.type as entry_type,
    movement.at as entry_at, movement.cents, currency_code
from moved
where movement is not null and movement.at < closes_at() and movement.cents <> 0;
"""

ENQUIRIES = """
create table enquiries as
select contact_id, created_at as asked_at, contacts.visit_id, form, gclid, fbclid, utm_source,
    utm_medium, utm_campaign
from contacts_drawn
inner join (select contact_id, visit_id from contacts) as contacts using (contact_id)
union all
select contact_id, created_at, visit_id, form, gclid, fbclid, utm_source, utm_medium, utm_campaign
from returns_drawn
where contact_id in (select contact_id from contacts) and created_at >= opens_at();

create table deal_contacts as
select deal_id, contact_id, case when has_partner and draw(number, 'labelled') < 0.5
    then 'Primary contact' end as label
from deal_lives
union all
select deal_id, 72000000000 + number, null from deal_lives where has_partner
union all
select twin_id, contact_id, null from deal_lives where is_entered_twice;

create table crm_merges as
select 'deals' as kind, deal_id as primary_id, twin_id as other_id, merged_id,
    later(qualified_at, 10800) as merged_at
from deal_lives
where is_entered_twice and later(qualified_at, 10800) < closes_at();
"""

ACTIVITIES = """
create table activities as
with sent as (
    select contact_id, first_forms.created_at as asked_at from first_forms
    union all
    select contact_id, return_forms.created_at
    from return_forms
    inner join first_forms using (person_id)
),
known as (
    select contact_id from contacts
    union
    select contact_id
    from first_forms
    inner join (select person_id from asked where is_form_lost) as lost using (person_id)
),
-- forms that were lost are counted, so that the others keep their numbers
numbered as (
    select contact_id, asked_at, row_number() over (order by asked_at, contact_id) as number
    from sent
    where asked_at >= opens_at() and contact_id in (select contact_id from known)
),
answered as (
    select numbered.* from numbered inner join enquiries using (contact_id, asked_at)
),
timed as (
    select *, later(asked_at, 600 + 86400 * 1.6 * pow(draw(number, 'answered after'), 3))
        as answered_at
    from answered
    where draw(number, 'answered') < 0.94
)
select 90000000000 + 4 * number as activity_id,
    case when draw(number, 'answered how') < 0.55 then 'calls' else 'emails' end as kind,
    contact_id, answered_at as happened_at, answered_at as created_at,
    answered_at as completed_at,
    case when draw(number, 'answered how') < 0.55 then 'OUTBOUND' else 'EMAIL' end as direction
from timed
union all
select 90000000001 + 4 * number, 'tasks', contact_id, later(asked_at, 86400),
    later(asked_at, 30), answered_at, null
from timed
union all
select 90000000002 + 4 * number, 'meetings', contact_id, later(answered_at, 86400 * 2),
    answered_at, later(answered_at, 86400 * 2 + 3600), null
from timed where draw(number, 'met') < 0.3;
"""


def live(con: duckdb.DuckDBPyConnection) -> None:
    """Make what the CRM holds of every deal, and what truly moved."""
    con.execute(LIVES)
    con.execute(MOVEMENTS)


def come_back(con: duckdb.DuckDBPyConnection) -> None:
    """Make every enquiry, who stands behind each deal, merges, and what was done about it."""
    con.execute(ENQUIRIES)
    con.execute(ACTIVITIES)
