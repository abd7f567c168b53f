"""Awin's objects as rows of the streams. What is odd about one is passed on for intake to judge.

Left behind on purpose: the hash of the customer's address, publishers' click references and custom
parameters (both hold what publishers and shops call their members and customers), baskets, and the
devices and pages of the click.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from trueup.sources import moments

Row = dict[str, Any]

#: Column of a transaction -> the vendor's name, where it is taken as it is.
_PLAIN = {
    "site_name": "siteName",
    "campaign": "campaign",
    "type": "type",
    "amended": "amended",
    "amend_reason": "amendReason",
    "decline_reason": "declineReason",
    "order_ref": "orderRef",
    "voucher_code": "voucherCode",
    "voucher_code_used": "voucherCodeUsed",
    "customer_acquisition": "customerAcquisition",
    "customer_country": "customerCountry",
    "paid_to_publisher": "paidToPublisher",
}
#: What a row cannot do without: absent is a column that is missing, not a null.
_NEEDED = {
    "id": "id",
    "advertiser_id": "advertiserId",
    "publisher_id": "publisherId",
    "commission_status": "commissionStatus",
}
_MOMENTS = {
    "click_at": "clickDate",
    "transaction_at": "transactionDate",
    "validated_at": "validationDate",
}
_MONEY = {
    "commission_amount": "commissionAmount",
    "sale_amount": "saleAmount",
    "old_commission_amount": "oldCommissionAmount",
    "old_sale_amount": "oldSaleAmount",
    "network_fee_amount": "networkFee",
}
_LEFT_BEHIND = frozenset(
    {
        "url", "publisherUrl", "ipHash", "clickRefs", "clickDevice", "transactionDevice",
        "advertiserCountry", "customParameters", "basketProducts", "lapseTime", "paymentId",
        "transactionQueryId", "originalSaleAmount", "trackedCurrencyAmount", "advertiserCost",
        "commissionSharingSelectedRatePublisherId", "commissionSharingPublisherId",
        "transactionParts",
    }
)  # fmt: skip
_READ = {*_PLAIN.values(), *_NEEDED.values(), *_MOMENTS.values(), *_MONEY.values()} | _LEFT_BEHIND


def transaction(stated: Row, zone: str) -> Row:
    """A transaction as a row; whatever the vendor has added of late goes along as it is."""
    row: Row = {name: stated.get(key) for name, key in _PLAIN.items()}
    row |= {name: _text(stated[key]) for name, key in _NEEDED.items() if key in stated}
    if isinstance(row.get("commission_status"), str):
        row["commission_status"] = row["commission_status"].lower()
    for name, key in _MOMENTS.items():
        row[name] = moment(stated.get(key), zone)
    for name, key in _MONEY.items():
        row[name] = _amount(stated.get(key))
    row["commission_currency"] = _currency(stated.get("commissionAmount"))
    row["old_commission_currency"] = _currency(stated.get("oldCommissionAmount"))
    row["sale_currency"] = _currency(stated.get("saleAmount"))
    row["commission_sharing_publisher_id"] = _text(stated.get("commissionSharingPublisherId"))
    parts = stated.get("transactionParts")
    row["transaction_parts"] = None if parts is None else json.dumps(parts, sort_keys=True)
    return row | {key: value for key, value in stated.items() if key not in _READ}


def publisher(stated: Row, account: str) -> Row:
    """A publisher of the programme as a row."""
    regions = stated.get("salesRegions")
    row = {
        "advertiser_id": account,
        "primary_region": stated.get("primaryRegion"),
        "sales_regions": None if regions is None else json.dumps(regions),
        "primary_type": stated.get("primaryType"),
    }
    return row | {name: _text(stated[name]) for name in ("id", "name") if name in stated}


def clicks(stated: Row, account: str) -> Row:
    """A publisher's day in the campaign report as a row."""
    quantity, commission = (_sums(stated, name) for name in ("quantity", "commissionAmount"))
    row = {
        "advertiser_id": account,
        "publisher_name": stated.get("publisherName"),
        # A publisher that names none gets an empty word, which is part of the key.
        "campaign": stated.get("campaign") or "",
        "pending_no": quantity.get("pending"),
        "pending_comm": commission.get("pending"),
    }
    if "click" in quantity:
        row["clicks"] = quantity["click"]
    if "publisherId" in stated:
        row["publisher_id"] = _text(stated["publisherId"])
    if "date" in stated:
        row["date"] = str(stated["date"])[:10]
    return row


def validated(stated: Row, account: str, day: str) -> Row:
    """What the account says was validated of a publisher on `day` as a row."""
    names = {
        "confirmed_no": "confirmedNo",
        "confirmed_comm": "confirmedComm",
        "bonus_no": "bonusNo",
        "bonus_comm": "bonusComm",
        "declined_no": "declinedNo",
        "currency": "currency",
    }
    row: Row = {"validation_date": day, "advertiser_id": account}
    row |= {name: stated[key] for name, key in names.items() if key in stated}
    if "publisherId" in stated:
        # A sum counts though it names no publisher: it is the account's.
        row["publisher_id"] = _text(stated["publisherId"]) or "(none)"
    return row


def moment(value: object, zone: str) -> Any:
    """The instant of a local time without an offset. Of the hour that comes twice the first is
    meant; the zero of a clock stands for none; what is no time is passed on."""
    if value in (None, ""):
        return None
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return value
    if moments.is_misread(found):
        return None
    return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def day_of(value: object, zone: str) -> str | None:
    """The day of the account's zone that a time is of."""
    found = moment(value, zone)
    return str(found.astimezone(ZoneInfo(zone)).date()) if isinstance(found, datetime) else None


def _sums(stated: Row, name: str) -> Row:
    totals = stated.get("totals")
    found = totals.get(name) if isinstance(totals, dict) else None
    return found if isinstance(found, dict) else {}


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _amount(value: object) -> object:
    """A sum of money: an object of amount and currency, in older answers a bare number."""
    return value.get("amount") if isinstance(value, dict) else value


def _currency(value: object) -> object:
    return value.get("currency") if isinstance(value, dict) else None
