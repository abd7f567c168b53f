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


def transaction(told: Row, zone: str) -> Row:
    """A transaction as a row; whatever the vendor has added of late goes along as it is."""
    row: Row = {name: told.get(key) for name, key in _PLAIN.items()}
    row |= {name: _text(told[key]) for name, key in _NEEDED.items() if key in told}
    if isinstance(row.get("commission_status"), str):
        row["commission_status"] = row["commission_status"].lower()
    for name, key in _MOMENTS.items():
        row[name] = moment(told.get(key), zone)
    for name, key in _MONEY.items():
        row[name] = _amount(told.get(key))
    row["commission_currency"] = _currency(told.get("commissionAmount"))
    row["sale_currency"] = _currency(told.get("saleAmount"))
    row["commission_sharing_publisher_id"] = _text(told.get("commissionSharingPublisherId"))
    parts = told.get("transactionParts")
    row["transaction_parts"] = None if parts is None else json.dumps(parts, sort_keys=True)
    return row | {key: value for key, value in told.items() if key not in _READ}


def publisher(told: Row, account: str) -> Row:
    """A publisher of the programme as a row."""
    regions = told.get("salesRegions")
    row = {
        "advertiser_id": account,
        "primary_region": told.get("primaryRegion"),
        "sales_regions": None if regions is None else json.dumps(regions),
        "primary_type": told.get("primaryType"),
    }
    return row | {name: _text(told[name]) for name in ("id", "name") if name in told}


def clicks(told: Row, account: str) -> Row:
    """A publisher's day in the campaign report as a row."""
    quantity, commission = (_sums(told, name) for name in ("quantity", "commissionAmount"))
    row = {
        "advertiser_id": account,
        "publisher_name": told.get("publisherName"),
        # A publisher that names none is told by an empty word, which is part of the key.
        "campaign": told.get("campaign") or "",
        "pending_no": quantity.get("pending"),
        "pending_comm": commission.get("pending"),
    }
    if "click" in quantity:
        row["clicks"] = quantity["click"]
    if "publisherId" in told:
        row["publisher_id"] = _text(told["publisherId"])
    if "date" in told:
        row["date"] = str(told["date"])[:10]
    return row


def validated(told: Row, account: str, day: str) -> Row:
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
    row |= {name: told[key] for name, key in names.items() if key in told}
    if "publisherId" in told:
        row["publisher_id"] = _text(told["publisherId"])
    return row


def moment(told: object, zone: str) -> Any:
    """The instant of a local time without an offset. Of the hour that comes twice the first is
    meant; what is no time is passed on."""
    if told in (None, ""):
        return None
    try:
        found = datetime.fromisoformat(str(told))
    except ValueError:
        return told
    return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def day_of(told: object, zone: str) -> str | None:
    """The day of the account's zone that a time is of."""
    found = moment(told, zone)
    return str(found.astimezone(ZoneInfo(zone)).date()) if isinstance(found, datetime) else None


def _sums(told: Row, name: str) -> Row:
    totals = told.get("totals")
    found = totals.get(name) if isinstance(totals, dict) else None
    return found if isinstance(found, dict) else {}


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _amount(told: object) -> object:
    """A sum of money: an object of amount and currency, in older answers a bare number."""
    return told.get("amount") if isinstance(told, dict) else told


def _currency(told: object) -> object:
    return told.get("currency") if isinstance(told, dict) else None
