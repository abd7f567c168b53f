"""Customers and leads of the mart against the people of the world, whom it knows by number."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from built import CLOCK, DAY, Company


@pytest.fixture(scope="module")
def con(built_company: Company, world: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        con.execute(f"attach '{built_company.place.build_file}' as build (read_only)")
        for table in ("orders", "contacts", "deals", "truth", "activities"):
            con.execute(f"create view {table} as from '{world}/{table}.parquet'")
        con.execute(
            """
            create table found as
            with real as (
                select 'shopify:' || order_id as conversion_id, person_id from orders
                union all select 'hubspot:lead:' || contact_id, person_id from contacts
                union all
                select 'hubspot:' || deal_id, person_id
                from deals inner join contacts using (contact_id)
                union all select conversion_id, person_id from truth where goal = 'booking'
            )
            select conversions.*, person_id
            from build.marts.fct_conversions as conversions
            inner join real using (conversion_id)
            where person_id is not null and customer_id is not null"""
        )
        yield con


def test_no_customer_is_two_people(con: duckdb.DuckDBPyConnection) -> None:
    ((mixed, several),) = con.execute(
        """
        select count(*) filter (where people > 1), count(*) filter (where records > 1)
        from (
            select customer_id, count(distinct person_id) as people, count(*) as records
            from found group by customer_id
        )"""
    ).fetchall()
    assert mixed == 0 and several > 20


def test_a_person_is_two_customers_only_by_two_addresses_that_no_record_ties(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """Who gave their address at work in a form is another customer to a shop that has the other."""
    split = con.execute(
        """
        select person_id, count(distinct customer_id) from found
        where person_id not in (select person_id from contacts where email like '%.work@%')
        group by person_id having count(distinct customer_id) > 1"""
    ).fetchall()
    assert split == []


def test_who_is_new_is_whoever_had_not_bought_before(con: duckdb.DuckDBPyConnection) -> None:
    counted = dict(
        con.execute(
            """
            with bought as (
                select is_new_customer,
                    row_number() over (
                        partition by person_id order by conversion_at, conversion_id
                    ) = 1 as was_new
                from found
                where tier = 'strong' and status = 'won'
                    and person_id not in (
                        select person_id from contacts where email like '%.work@%'
                    )
            )
            select (was_new, is_new_customer)::varchar, count(*) from bought group by all"""
        ).fetchall()
    )
    assert set(counted) == {"(true, true)", "(false, false)"}


def test_a_lead_is_answered_when_the_worlds_staff_first_called_or_wrote(
    con: duckdb.DuckDBPyConnection,
) -> None:
    wrong, right = con.execute(
        """
        with answers as (
            select contacts.contact_id, min(happened_at) as answered_at
            from contacts
            inner join activities using (contact_id)
            where kind in ('calls', 'emails') and happened_at >= contacts.created_at
                and happened_at <= ?
                and (happened_at at time zone 'UTC' at time zone 'Europe/Lisbon')::date <= ?
            group by all
        )
        select
            count(*) filter (
                where epoch(first_answer_at) is distinct from floor(epoch(answered_at))
            ),
            count(*) filter (where epoch(first_answer_at) = floor(epoch(answered_at)))
        from build.marts.fct_leads as leads
        inner join contacts on leads.conversion_id = 'hubspot:lead:' || contact_id
        left join answers using (contact_id)
        where contacts.created_at >= timestamp '2026-08-02'""",
        [CLOCK, DAY],
    ).fetchone() or (None, 0)
    assert wrong == 0 and right > 30
