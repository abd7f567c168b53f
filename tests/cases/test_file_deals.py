"""A form tool's list, where every enquiry has how it ended: its leads and its deals."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from cases.small_company import SmallCompany

LEADS = (
    "select _row, id as lead_id, asked as created_date, who as person_id, 'enquiry' as goal"
    " from input"
)
DEALS = (
    "select _row, id as deal_id, id as lead_id, coalesce(decided, asked) as won_date,"
    " state as status, amount as amount_local, 'EUR' as currency_code, who as person_id,"
    " 'wedding' as goal from input"
)
ROWS = (
    "id,asked,who,state,decided,amount",
    "1,2026-09-02,a@example.com,Won,2026-09-10,1000.00",
    "2,2026-09-03,b@example.com,Closed lost,2026-09-12,2000.00",
    "3,2026-09-04,c@example.com,In progress,,4000.00",
    "4,2026-09-05,d@example.com,seen by Mary,,8000.00",
)


def test_what_was_lost_is_lost_and_only_what_was_won_is_money(tmp_path: Path):
    company = SmallCompany(tmp_path)
    company.goal("enquiry", {"source": "files", "selector": "leads"}, tier="weak")
    company.goal("wedding", {"source": "files", "selector": "deals"})
    company.feed("form", "leads", LEADS, ROWS)
    company.feed("form", "deals", DEALS, ROWS)
    assert company.land().code == 0
    assert company.build().code == 0
    sales = (
        "select conversion_id, status, net_amount from marts.fct_conversions where tier = 'strong'"
    )
    assert sorted(company.query(sales, company.build_file)) == [
        ("files:deal:form:1", "won", 1000),
        ("files:deal:form:2", "lost", 0),
        ("files:deal:form:3", "open", 0),
    ]
    leads = "select lead_date, outcome, revenue_amount from marts.fct_leads order by all"
    assert company.query(leads, company.build_file) == [
        (date(2026, 9, 2), "won", 1000),
        (date(2026, 9, 3), "lost", 0),
        (date(2026, 9, 4), "open", 0),
        (date(2026, 9, 5), "none", 0),
    ]
    aside = "select reason, amount_local from health.fct_set_aside where stream = 'deals'"
    assert company.query(aside, company.build_file) == [
        ("its status is none of won, lost, open", 8000)
    ]
