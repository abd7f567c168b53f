"""Who comes: people with a country, a consent, and invented names, addresses and numbers.

Nobody here exists: mail domains are reserved for examples and telephone numbers come from
the blocks regulators keep for fiction (Ofcom, ARCEP, NANP 555-01xx).
"""

import duckdb

from sandbox.world.cuts import VISIT
from sandbox.world.draws import define_choice

COUNTRIES = {
    "PT": 0.30, "GB": 0.27, "ES": 0.08, "FR": 0.08, "DE": 0.08, "NL": 0.06, "IE": 0.05, "US": 0.08,
}  # fmt: skip
ZONES = {
    "PT": "Europe/Lisbon", "GB": "Europe/London", "ES": "Europe/Madrid", "FR": "Europe/Paris",
    "DE": "Europe/Berlin", "NL": "Europe/Amsterdam", "IE": "Europe/Dublin",
    "US": "America/New_York",
}  # fmt: skip
FIRST_NAMES = (
    "Alba Ansel Bela Brisa Cael Calla Corin Dara Davin Elin Elvo Fara Finn Gala Hale Iria Isen "
    "Jora Kael Lira Lorne Mara Merle Nilo Noa Orla Perrin Quill Rhea Rune Sable Soren Tamsin "
    "Thea Ulric Vela Wren Xara Yara Zeno"
).split()
LAST_NAMES = (
    "Amberly Ashmoor Brackwell Brinemoor Caskwater Coveridge Dunmarsh Eastwick Fairhaven "
    "Fennock Gorseley Halyard Harrowby Inkwell Jettison Keelson Larkmere Lightfoot Marlowick "
    "Merrow Netherby Oarsman Pellwood Quayle Reedham Rowlock Saltmarsh Seabrook Skerry "
    "Spindrift Stormfield Tarnwick Tidewell Undertow Vanebury Wharfdale Windlass Wrackline "
    "Yardarm Zephyrine"
).split()

PEOPLE = """
create table people_drawn as
with drawn as (
    select i as person_id,
        country_of('all', draw(i, 'country')) as country,
        draw(i, 'first name') as first_draw,
        draw(i, 'last name') as last_draw
    from range(1, (
        select ceil(sum(conversions + browsers) / journeys_per_person())::bigint + 1 from days
    )) as t(i)
),
named as (
    select person_id, country,
        first_names()[1 + floor(first_draw * len(first_names()))::int] as first_name,
        last_names()[1 + floor(last_draw * len(last_names()))::int] as last_name,
        draw(person_id, 'analytics consent') >= refusal_of(country) as analytics_consent
    from drawn
)
select *,
    zone_of(country) as time_zone,
    draw(person_id, 'ads consent') < case when analytics_consent
        then ads_consent_given_analytics() else ads_consent_given_refusal() end as ads_consent,
    lower(concat(first_name, '.', last_name, '.', person_id,
        case when country = 'PT' then '@example.pt' else '@example.com' end)) as email,
    case country
        when 'US' then concat('+1', draw_integer(person_id, 'area', 201, 989), '55501',
            lpad(draw_integer(person_id, 'phone', 0, 99)::varchar, 2, '0'))
        when 'FR' then concat('+3363998',
            lpad(draw_integer(person_id, 'phone', 0, 9999)::varchar, 4, '0'))
        else concat('+447700900', draw_integer(person_id, 'phone', 100, 999))
    end as phone,
    draw(person_id, 'other device') < other_device_share() as has_other_device
from named;
"""

KNOWS = ", ".join(VISIT)
# What somebody allows on a day: who refuses now refuses as long as no more people allow it
CONSENT = f"""
create macro allows_analytics(person, instant, {KNOWS}) as
    draw(person, 'analytics consent') >= analytics_refusal_share(instant, {KNOWS});
create macro allows_ads(person, instant, {KNOWS}) as
    draw(person, 'ads consent') < case when allows_analytics(person, instant, {KNOWS})
        then ads_consent_given_analytics(instant, {KNOWS})
        else ads_consent_given_refusal(instant, {KNOWS}) end;
"""

KNOWN_PEOPLE = """
create table people as
select person_id, country, time_zone, analytics_consent, ads_consent, email, phone,
    first_name, last_name, client_id, other_client_id
from people_drawn
inner join cookies using (person_id)
where person_id in (
    select person_id from visits union select person_id from contacts
    union select person_id from orders
);
"""


def draw_people(con: duckdb.DuckDBPyConnection) -> None:
    """Make `people_drawn`: everyone who might come, before their cookies are known."""
    define_choice(con, "country_of", {"all": COUNTRIES})
    zones = " ".join(f"when '{c}' then '{zone}'" for c, zone in ZONES.items())
    con.execute(f"create macro zone_of(c) as case c {zones} end")
    con.execute(f"create macro first_names() as {FIRST_NAMES!r}")
    con.execute(f"create macro last_names() as {LAST_NAMES!r}")
    con.execute(PEOPLE)
    con.execute(CONSENT)


def keep_people(con: duckdb.DuckDBPyConnection) -> None:
    """Make `people`: those some table of the world mentions."""
    con.execute(KNOWN_PEOPLE)
