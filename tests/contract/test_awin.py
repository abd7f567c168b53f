"""Awin: what our extraction lands of the sandbox's programme, against the world it shows."""

from __future__ import annotations

import time
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests

from contract import awin_programme as vendor
from contract.awin_programme import ACCOUNT, AUGUST, SEPTEMBER, TOKEN, access_to, land, query
from sandbox.desk import Asked
from sandbox.vendors import awin as sandbox_awin
from trueup.landing.plan import windows
from trueup.landing.store import Landing
from trueup.sources.awin import SOURCE, reports, rows
from trueup.sources.awin.client import Programme
from trueup.sources.contract import Access
from trueup.window import Window

#: Sales of the world as they stand at the clock.
TRUTH = """
select transaction_id::varchar, case when amended_at <= $now then amended_sale_amount
    else sale_amount end,
    case when amended_at <= $now then amended_commission_amount else commission_amount end,
    case when validated_at <= $now then verdict else 'pending' end, coalesce(order_ref, '')
from affiliate_transactions where sold_at <= $now and {days} order by 1
"""


@pytest.fixture
def access(sandbox: Any, tmp_path: Path) -> Access:
    return access_to(sandbox.url, tmp_path)


def truth(sandbox: Any, days: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in sandbox.desk.rows(TRUTH.format(days=days))]


LANDED = """select id, sale_amount, commission_amount, commission_status, coalesce(order_ref, '')
    from landed order by 1"""


def test_every_sale_lands_once_as_it_stands_and_a_second_landing_gives_the_same(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    sandbox.desk.set_clock(datetime(2026, 10, 1, 6, 0))
    first = land(landing, access, "transactions")
    expected = truth(sandbox, "sold_at < '2026-08-31 23:00'")
    assert len(expected) > 10
    assert query(landing, first, LANDED) == expected
    again = land(landing, access, "transactions")
    everything = "select * from landed order by all"
    assert query(landing, again, everything) == query(landing, first, everything)


def test_what_was_pending_comes_again_as_validated_and_amended(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    early = land(landing, access, "transactions")
    sandbox.desk.set_clock(datetime(2026, 10, 1, 6, 0))
    late = land(landing, access, "transactions")
    states = "select id, commission_status from landed"
    then, now = dict(query(landing, early, states)), dict(query(landing, late, states))
    assert then.keys() == now.keys()
    moved = Counter((then[one], now[one]) for one in then if then[one] != now[one])
    assert moved["pending", "approved"] and {was for was, _ in moved} == {"pending"}
    assert sum(1 for status in now.values() if status == "declined")


@pytest.mark.parametrize(
    ("stream", "column", "moment"),
    [
        ("validations", "validation_date", "validated_at"),
        ("amendments", "amendment_date", "amended_at"),
    ],
)
def test_validations_and_amendments_land_on_their_own_day(
    access: Access, landing: Landing, sandbox: Any, stream: str, column: str, moment: str
) -> None:
    sandbox.desk.set_clock(datetime(2026, 10, 1, 6, 0))
    got = query(
        landing, land(landing, access, stream, SEPTEMBER), f"select id, {column} from landed"
    )
    expected = sandbox.desk.rows(
        f"""select transaction_id::varchar as id,
            timezone('Europe/London', timezone('UTC', {moment}))::date as day
        from affiliate_transactions where {moment} <= $now and day >= '2026-09-01'"""
    )
    assert expected and sorted(got) == sorted((row["id"], row["day"]) for row in expected)


def test_an_amendments_day_is_found_in_few_calls(access: Access, sandbox: Any) -> None:
    sandbox.desk.set_clock(datetime(2026, 10, 1, 6, 0))
    programme = Programme(access, SOURCE.stream("amendments"), SEPTEMBER)
    before = sandbox.desk.calls["awin"]
    found = [row for page in reports.amendments(programme) for row in page]
    calls = sandbox.desk.calls["awin"] - before
    assert found and calls <= 1 + 5 * len(found), (calls, len(found))
    quiet = Programme(access, SOURCE.stream("amendments"), Window(date(2026, 7, 1), AUGUST.since))
    before = sandbox.desk.calls["awin"]
    assert list(reports.amendments(quiet)) == [] and sandbox.desk.calls["awin"] - before == 1


def test_the_accounts_own_totals_are_those_of_its_validations(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    sandbox.desk.set_clock(datetime(2026, 10, 1, 6, 0))
    totals = query(
        landing,
        land(landing, access, "validated_totals", SEPTEMBER),
        """select validation_date, sum(confirmed_comm + bonus_comm) from landed
        group by all having sum(confirmed_comm + bonus_comm) <> 0 order by 1""",
    )
    validated = query(
        landing,
        land(landing, access, "validations", SEPTEMBER),
        """select validation_date, sum(commission_amount) from landed
        where commission_status = 'approved' group by all order by 1""",
    )
    assert totals and totals == validated


def test_clicks_and_publishers_land(access: Access, landing: Landing, sandbox: Any) -> None:
    load = land(landing, access, "publisher_days")
    [(clicks, days)] = query(landing, load, "select sum(clicks), count(distinct date) from landed")
    [expected] = sandbox.desk.rows("""select sum(clicks) as clicks from affiliate_clicks
        where click_date < '2026-09-01'""")
    assert (clicks, days) == (expected["clicks"], 31)
    names = "select count(*), count(*) filter (primary_type = 'Coupon') from landed"
    sandbox.desk.set_clock(datetime(2026, 9, 1, 6, 0))
    assert query(landing, land(landing, access, "publishers"), names) == [(5, 2)]
    sandbox.desk.set_clock(datetime(2026, 10, 1, 6, 0))
    assert query(landing, land(landing, access, "publishers"), names) == [(4, 2)]


def test_days_are_the_accounts(access: Access) -> None:
    # British summer: 23:30 UTC of the last of August is the first of September in London.
    sale = {"transactionDate": "2026-09-01T00:30:00"}
    assert rows.day_of(sale["transactionDate"], "Europe/London") == "2026-09-01"
    assert str(rows.moment(sale["transactionDate"], "Europe/London"))[:16] == "2026-08-31 23:30"
    assert rows.day_of("2026-11-01T01:30:00", "US/Eastern") == "2026-11-01"


def test_long_histories_are_asked_for_in_slices_of_31_days() -> None:
    stream = SOURCE.stream("transactions")
    planned = windows(stream, day=date(2026, 9, 14), history_start=date(2026, 1, 1), covered=set())
    assert max((one.until - one.since).days for one in planned) == 31
    assert planned[0].since == date(2026, 1, 1) and planned[-1].until == date(2026, 9, 15)
    every_day = set(Window(date(2026, 1, 1), date(2026, 9, 14)).days())
    daily = windows(
        stream, day=date(2026, 9, 14), history_start=date(2026, 1, 1), covered=every_day
    )
    assert len(daily) == 3  # calls a day for three months of sales


def test_our_questions_are_what_the_vendor_documents(access: Access, sandbox: Any) -> None:
    asked: list[Asked] = []
    sandbox.desk.spoil("awin", lambda question, content: asked.append(question))
    for stream in SOURCE.streams:
        list(SOURCE.extract(access, stream, SEPTEMBER))
    sandbox.desk.clear_faults()
    paths = set()
    for question in asked:
        path = question.path.removeprefix(f"advertisers/{ACCOUNT}/")
        needed, allowed = vendor.ASKED[path]
        assert needed <= set(question.params) <= needed | allowed, path
        for name, value in question.params.items():
            assert str(value) in vendor.VALUES.get(name, {str(value)}), name
        paths.add(path)
    assert paths == set(vendor.ASKED)


def test_the_sandbox_answers_as_the_vendor_documents(sandbox: Any) -> None:
    base = f"{sandbox.url}/awin/advertisers/{ACCOUNT}"
    headers = {"Authorization": f"Bearer {TOKEN}"}
    sandbox.desk.set_clock(datetime(2026, 10, 1, 6, 0))
    time.sleep(sandbox_awin.MINUTE_SECONDS)

    def get(path: str, **params: str) -> Any:
        return requests.get(f"{base}/{path}", params=params, headers=headers, timeout=10).json()

    times = {"startDate": "2026-08-01T00:00:00", "endDate": "2026-08-31T23:59:59"}
    answer = get("transactions/", timezone="Europe/London", **times)
    vendor.check(answer, vendor.TRANSACTION)
    assert {row["commissionStatus"] for row in answer} <= vendor.STATUSES
    assert {row["type"] for row in answer} == vendor.TYPES
    for row in answer:
        parts = sum(Decimal(str(part["amount"])) for part in row["transactionParts"])
        assert abs(parts - Decimal(str(row["saleAmount"]["amount"]))) < Decimal("0.01")
    days = {"startDate": "2026-09-01", "endDate": "2026-09-30"}
    vendor.check(get("reports/publisher", dateType="validation", **days), vendor.PUBLISHER_REPORT)
    campaign = get("reports/campaign", interval="day", includeNumbersWithoutCampaign="true", **days)
    vendor.check(campaign["result"], vendor.CAMPAIGN_REPORT)
    vendor.check(get("publishers"), vendor.PUBLISHER)
    long = requests.get(
        f"{base}/transactions/",
        params={**times, "endDate": "2026-09-01T00:00:01", "timezone": "UTC"},
        headers=headers,
        timeout=10,
    )
    assert long.status_code == 400 and set(long.json()) == {"error", "description"}


def test_nothing_personal_is_landed(access: Access, landing: Landing) -> None:
    load = land(landing, access, "transactions")
    text = str(query(landing, load, "select * from landed"))
    assert "member-4711" not in text and "917875755098098" not in text
