"""A company small enough to work every metric out by hand: six people, two campaigns, two weeks."""

from __future__ import annotations

from pathlib import Path

from cases.small_company import DAY, SmallCompany

EUR = "'EUR' as currency_code"
#: 90 EUR for spring's 100 clicks of the first week, on two days that differ; 30 for summer's ten.
SPEND = """day,campaign,impressions,clicks,cost
2026-06-01,spring,1000,40,20
2026-06-03,spring,3000,60,70
2026-06-02,summer,500,10,30
2026-06-08,spring,800,20,40
2026-06-09,summer,200,5,10"""
CLAIMS = """day,campaign,n,amount
2026-06-01,spring,3,300
2026-06-02,summer,1,50
2026-06-08,spring,2,60"""
#: Ann comes by spring and buys by the newsletter; Bob by spring, then again by summer.
TOUCHES = """id,at,who,platform,account,campaign,source,medium
T1,2026-06-01T09:00:00Z,ann@example.com,maps,a1,spring,,
T2,2026-06-03T09:00:00Z,ann@example.com,,,,newsletter,email
T3,2026-06-02T09:00:00Z,bob@example.com,maps,a1,spring,,
T4,2026-06-09T08:00:00Z,bob@example.com,maps,a1,summer,,
T5,2026-06-10T08:00:00Z,cid@example.com,maps,a1,spring,,
T6,2026-06-01T08:00:00Z,dan@example.com,maps,a1,spring,,
T7,2026-06-01T08:00:00Z,eve@example.com,maps,a1,spring,,
T8,2026-06-03T08:00:00Z,gus@example.com,maps,a1,spring,,"""
#: A5 is Bob's 110 days after his first, which nothing is known to have led to.
ORDERS = """id,at,amount,who
A1,2026-06-04T12:00:00Z,100,ann@example.com
A2,2026-06-02T12:00:00Z,60,bob@example.com
A3,2026-06-09T12:00:00Z,40,bob@example.com
A4,2026-06-10T12:00:00Z,20,cid@example.com
A5,2026-09-20T12:00:00Z,70,bob@example.com
A6,2026-06-03T12:00:00Z,140,gus@example.com"""
REFUNDS = """id,order_id,day,amount
R1,A4,2026-06-12,5"""
#: Dan and Eve ask; Dan's wedding is won.
LEADS = """id,at,who
L1,2026-06-01T10:00:00Z,dan@example.com
L2,2026-06-01T10:00:00Z,eve@example.com"""
DEALS = """id,lead,day,amount
D1,L1,2026-06-20,500"""


def make(folder: Path) -> SmallCompany:
    """Landed and built; neither judged nor published."""
    small = SmallCompany(folder, more={"history": {"start": "2026-03-01"}})
    small.goal(
        "sale", {"source": "files", "selector": "orders"}, {"source": "files", "selector": "buy"}
    )
    small.goal("wedding", {"source": "files", "selector": "deals"})
    small.goal("enquiry", {"source": "files", "selector": "leads"}, tier="weak")
    small.channels += [
        {"channel": "maps_ads", "is_paid": True, "platform": "maps"},
        {"channel": "email", "medium": "email"},
    ]
    _advertise(small)
    _sell(small)
    for answer in (small.land(), small.build()):
        assert answer.code == 0, answer.text
    assert DAY == "2026-09-30"  # 92 days after June, so June's customers have had 90
    return small


def _advertise(small: SmallCompany) -> None:
    maps = "_row, 'maps' as platform, 'a1' as account_id, campaign as campaign_id"
    small.feed(
        "maps", "ad_performance",
        f"select {maps}, day as ad_date, {EUR}, impressions, clicks, cost as spend_amount_local"
        " from input",
        SPEND.splitlines(),
    )  # fmt: skip
    small.feed(
        "maps", "claims",
        f"select {maps}, day as claim_date, 'buy' as action_id, 'click_date' as date_basis,"
        f" 30 as click_window_days, {EUR}, n as claimed_conversions,"
        " amount as claimed_amount_local from input",
        CLAIMS.splitlines(),
        headline_claim={"date_basis": "click_date", "click_window_days": 30},
    )  # fmt: skip
    small.feed(
        "visits", "touches",
        'select _row, id as touch_id, "at" as touch_at, who as person_id, platform,'
        " account as account_id, campaign as campaign_id, source as touch_source,"
        " medium as touch_medium from input",
        TOUCHES.splitlines(),
    )  # fmt: skip


def _sell(small: SmallCompany) -> None:
    small.feed(
        "till", "orders",
        f'select _row, id as order_id, "at" as ordered_at, amount as amount_local, {EUR},'
        " who as person_id from input",
        ORDERS.splitlines(),
    )  # fmt: skip
    small.feed(
        "till", "refunds",
        f"select _row, id as refund_id, order_id, day as refunded_date, amount as amount_local,"
        f" {EUR} from input",
        REFUNDS.splitlines(),
    )  # fmt: skip
    small.feed(
        "crm", "leads",
        'select _row, id as lead_id, "at" as created_at, who as person_id from input',
        LEADS.splitlines(),
    )  # fmt: skip
    small.feed(
        "crm", "deals",
        f"select _row, id as deal_id, lead as lead_id, day as won_date, amount as amount_local,"
        f" {EUR} from input",
        DEALS.splitlines(),
    )  # fmt: skip
