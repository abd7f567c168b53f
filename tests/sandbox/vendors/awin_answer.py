"""What Awin's API answers, made of the world's tables as they stand by the clock."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sandbox.desk import Desk
from sandbox.world.affiliates import ACCOUNT

CURRENCY = "EUR"
#: What the vendor calls what the world calls so.
TYPES = {"Sale": "Commission group transaction", "Bonus": "Bonus"}
#: The moment each date type asks about. One that lies ahead is not there yet.
MOMENTS = {"transaction": "sold_at", "validation": "validated_at", "amendment": "amended_at"}

#: Every sale as it stands at `now`.
STATE = """
with stood as (
    select *, validated_at <= $now as is_validated,
        coalesce(amended_at <= $now, false) as is_amended
    from affiliate_transactions
    where sold_at <= $now
)
select stood.* exclude (sale_amount, commission_amount), publisher_name,
    case when is_amended then amended_sale_amount else sale_amount end as sale_now,
    case when is_amended then amended_commission_amount else commission_amount end
        as commission_now,
    sale_amount, commission_amount,
    case when is_validated then verdict else 'pending' end as status
from stood
inner join affiliate_publishers using (publisher_id)
"""
REPORTED = """
select publisher_id, any_value(publisher_name) as publisher_name,
    count(*) filter (status = 'pending') as pending_no,
    count(*) filter (status = 'approved' and kind <> 'Bonus') as confirmed_no,
    count(*) filter (status = 'declined') as declined_no,
    count(*) filter (status = 'approved' and kind = 'Bonus') as bonus_no,
    {sums},
    timezone($zone, timezone('UTC', {moment}))::date as day
from ({state})
where {moment} <= $now
    and timezone($zone, timezone('UTC', {moment}))::date between $since and $until
group by publisher_id, day
order by day, publisher_id
"""
_SUMS = ", ".join(
    f"coalesce(sum({what}_now) filter (status = '{status}'{more}), 0) as {name}_{what}"
    for what in ("commission", "sale")
    for name, status, more in (
        ("pending", "pending", ""),
        ("confirmed", "approved", " and kind <> 'Bonus'"),
        ("declined", "declined", ""),
        ("bonus", "approved", " and kind = 'Bonus'"),
    )
)


def transactions(
    desk: Desk, zone: str, date_type: str, since: datetime, until: datetime
) -> list[dict[str, Any]]:
    moment = MOMENTS[date_type]
    times = ", ".join(
        f"strftime(timezone($zone, timezone('UTC', {name})), '%Y-%m-%dT%H:%M:%S') as {name}_local"
        for name in ("clicked_at", "sold_at", "validated_at")
    )
    found = desk.rows(
        f"select *, {times} from ({STATE}) where {moment} <= $now and timezone($zone, "
        f"timezone('UTC', {moment})) between $since and $until order by {moment}, transaction_id",
        zone=zone, since=since, until=until,
    )  # fmt: skip
    return [_transaction(row) for row in found]


def _money(amount: Any) -> dict[str, Any]:
    return {"amount": amount, "currency": CURRENCY}


def _transaction(row: dict[str, Any]) -> dict[str, Any]:
    parts = [("DEFAULT", row["sale_now"], row["commission_now"])]
    if row["is_split"]:
        half, share = row["sale_now"] / 2, row["commission_now"] / 2
        parts = [("DEFAULT", half, share), ("NEW", half, share)]
    is_validated, is_amended = row["is_validated"], row["is_amended"]
    new = {None: None, True: "new", False: "returning"}[row["is_new_customer"]]
    return {
        "id": row["transaction_id"],
        "url": "https://publisher.example/",
        "advertiserId": ACCOUNT,
        "publisherId": row["publisher_id"],
        "commissionSharingPublisherId": None,
        "commissionSharingSelectedRatePublisherId": None,
        "campaign": None,
        "siteName": row["publisher_name"],
        "commissionStatus": row["status"],
        "commissionAmount": _money(row["commission_now"]),
        "saleAmount": _money(row["sale_now"]),
        "ipHash": "-917875755098098",
        "customerCountry": row["country"],
        "clickRefs": {"clickRef": "member-4711"},
        "clickDate": row["clicked_at_local"],
        "transactionDate": row["sold_at_local"],
        "validationDate": row["validated_at_local"] if is_validated else None,
        "type": TYPES[row["kind"]],
        "declineReason": row["decline_reason"] if is_validated else None,
        "voucherCodeUsed": row["voucher_code"] is not None,
        "voucherCode": row["voucher_code"] or "",
        "lapseTime": 286,
        "amended": is_amended,
        "amendReason": "partial return" if is_amended else None,
        "oldSaleAmount": _money(row["sale_amount"]) if is_amended else None,
        "oldCommissionAmount": _money(row["commission_amount"]) if is_amended else None,
        "clickDevice": "Android Mobile",
        "transactionDevice": "Windows",
        "publisherUrl": "https://publisher.example/",
        "advertiserCountry": "GB",
        "orderRef": row["order_ref"] or "",
        "customParameters": [],
        "transactionParts": [
            {
                "commissionGroupId": 12345,
                "amount": amount,
                "commissionAmount": commission,
                "advertiserCost": None,
                "commissionGroupCode": code,
                "commissionGroupName": code.title(),
                "trackedParts": [],
            }
            for code, amount, commission in parts
        ],
        "paidToPublisher": False,
        "paymentId": 0,
        "transactionQueryId": 0,
        "trackedCurrencyAmount": None,
        "originalSaleAmount": None,
        "advertiserCost": _money(None),
        "networkFee": _money(None),
        "basketProducts": None,
        "customerAcquisition": new,
    }


def publisher_report(
    desk: Desk, zone: str, date_type: str, since: date, until: date
) -> list[dict[str, Any]]:
    by_publisher: dict[int, dict[str, Any]] = {}
    for row in _reported(desk, zone, date_type, since, until):
        totals = by_publisher.setdefault(row["publisher_id"], _empty(row))
        for name in ("pending", "confirmed", "bonus", "declined"):
            totals[f"{name}No"] += row[f"{name}_no"]
            totals[f"{name}Value"] += row[f"{name}_sale"]
            totals[f"{name}Comm"] += row[f"{name}_commission"]
    return list(by_publisher.values())


def _empty(row: dict[str, Any]) -> dict[str, Any]:
    sums = {
        f"{name}{what}": 0
        for name in ("pending", "confirmed", "bonus", "declined")
        for what in ("No", "Value", "Comm")
    }
    return {
        "advertiserId": ACCOUNT,
        "advertiserName": "Harbour House",
        "publisherId": row["publisher_id"],
        "publisherName": row["publisher_name"],
        "region": "GB",
        "currency": CURRENCY,
        "impressions": 0,
        "clicks": 0,
        **sums,
    }


def campaign_report(desk: Desk, zone: str, since: date, until: date) -> list[dict[str, Any]]:
    sold = {
        (row["publisher_id"], row["day"]): row
        for row in _reported(desk, zone, "transaction", since, until)
    }
    clicked = desk.rows(
        """select publisher_id, publisher_name, click_date, clicks from affiliate_clicks
        inner join affiliate_publishers using (publisher_id)
        where click_date between $since and $until and click_date < $now::date
        order by click_date, publisher_id""",
        since=since, until=until,
    )  # fmt: skip
    return [
        _campaign_day(row, sold.get((row["publisher_id"], row["click_date"]))) for row in clicked
    ]


def _campaign_day(row: dict[str, Any], sold: dict[str, Any] | None) -> dict[str, Any]:
    names = ("pending", "declined", "bonus")

    def sums(what: str) -> dict[str, Any]:
        figures = {name: sold[f"{name}_{what}"] if sold else 0 for name in names}
        return figures | {"approved": sold[f"confirmed_{what}"] if sold else 0}

    quantity, commission, sale = sums("no"), sums("commission"), sums("sale")
    return {
        "date": str(row["click_date"]),
        "publisherId": str(row["publisher_id"]),
        "publisherName": row["publisher_name"],
        "campaign": "",
        "totals": {
            "quantity": quantity | {"click": row["clicks"], "total": sum(quantity.values())},
            "commissionAmount": {k: f"{v:.2f}" for k, v in commission.items()},
            "saleAmount": {k: f"{v:.2f}" for k, v in sale.items()},
        },
    }


def _reported(
    desk: Desk, zone: str, date_type: str, since: date, until: date
) -> list[dict[str, Any]]:
    sql = REPORTED.format(sums=_SUMS, moment=MOMENTS[date_type], state=STATE)
    return desk.rows(sql, zone=zone, since=since, until=until)


def publishers(desk: Desk) -> list[dict[str, Any]]:
    found = desk.rows("""select * from affiliate_publishers
        where left_at is null or left_at > $now order by publisher_id""")
    return [
        {
            "id": row["publisher_id"],
            "name": row["publisher_name"],
            "primaryRegion": "GB",
            "salesRegions": ["GB", "PT"],
            "primaryType": row["kind"],
        }
        for row in found
    ]
