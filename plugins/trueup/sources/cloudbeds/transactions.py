"""What was paid, given back and voided: the Accounting API's transactions, and rows of them.

Charges (a night, a tax, a fee) are no money that moved, and transfers between a guest's, a
deposit's and an agency's account are none either: only codes of payments are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from trueup.sources import moments, pieces
from trueup.sources.amounts import lenient_amount
from trueup.sources.cloudbeds import fields
from trueup.sources.cloudbeds.client import Property, Record
from trueup.sources.contract import ControlTotal, Page, SetAside

#: The vendor's codes of payments: 9000, 9100, 9200, 9300 and the methods a hotel has of its own;
#: with A a refund, with V a void.
PAYMENT_CODE = re.compile(r"9\d{3}[A-Z]?")
#: House accounts, which are no booking's, are left out.
SOURCE_KINDS = ("RESERVATION", "GROUP_PROFILE", "ACCOUNTS_RECEIVABLE_LEDGER")
#: No currency has more decimals.
MOST_DECIMALS = 4
#: The vendor's largest page.
PAGE_SIZE = 1100


def pages(source: Property, since: datetime, until: datetime) -> Iterator[Page]:
    source.settings()
    listed = pieces.once_more(lambda body: source.held(_walk(source, body)), {
        "filters": {"and": _filters(_payment_codes(source), since, until)},
        "limit": PAGE_SIZE,
        "sort": [{"field": "transaction_datetime", "direction": "asc"}],
    })  # fmt: skip
    rows: list[Record] = []
    odd = 0
    for place, record in enumerate(source.objects("transactions", "transactions", listed), 1):
        is_object = isinstance(record, dict)
        name = f"transaction {record.get('id')}" if is_object else f"transaction no. {place}"
        try:
            rows.append(_row(source, fields.an_object(record)))
        except ValueError as problem:
            odd += 1
            amount = lenient_amount(record.get("amount")) if is_object else None
            yield SetAside(name, str(problem), name, amount=amount)
    yield rows
    yield ControlTotal("rows", len(rows) + odd)


def _payment_codes(source: Property) -> list[str]:
    listed = source.accounting("internal-transaction-codes").get("content")
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise source.unlike("internal-transaction-codes", "a list of objects in `content`")
    codes = [str(one.get("code")) for one in listed]
    found = [code for code in codes if PAYMENT_CODE.fullmatch(code)]
    if not found:
        raise source.unlike("internal-transaction-codes", "codes of payments, such as 9300")
    return found


def _filters(codes: list[str], since: datetime, until: datetime) -> list[Record]:
    asked = (
        ("transaction_datetime", "greater_than_or_equal", _utc(since)),
        ("transaction_datetime", "less_than", _utc(until)),
        ("source_kind", "in", list(SOURCE_KINDS)),
        ("internal_code", "in", codes),
    )
    return [{"field": field, "operator": how, "value": value} for field, how, value in asked]


def _walk(source: Property, body: Record) -> Iterator[list[Any]]:
    seen: set[str] = set()
    token = None
    while True:
        answer = source.accounting(
            "transactions", {**body, **({"pageToken": token} if token else {})}
        )
        rows, token = answer.get("transactions"), answer.get("nextPageToken")
        if not isinstance(rows, list):
            raise source.unlike("transactions", "a list of objects in `transactions`")
        yield rows
        if not token:
            return
        if token in seen:
            raise source.lost("transactions", "the token of another page", "one used before")
        seen.add(token)


def _row(source: Property, record: Record) -> Record:
    try:
        moved = datetime.fromisoformat(str(record.get("transactionDatetime")))
    except ValueError:
        raise ValueError("transactionDatetime is no date and time") from None
    if moments.is_misread(moved):
        raise ValueError("transactionDatetime is the zero of a clock")
    if not record.get("id") or not record.get("internalTransactionCode"):
        raise ValueError("id or internalTransactionCode is missing")
    return {
        "transaction_id": str(record["id"]),
        "property_id": source.account.id,
        "code": str(record["internalTransactionCode"]),
        # in UTC, as the contract says, also where the offset is left out
        "moved_at": moved if moved.tzinfo else moved.replace(tzinfo=UTC),
        "amount": _amount(source, record),
        "currency_code": record.get("currency") or source.account.currency_code,
        "root_id": record.get("rootId") or None,
        "source_kind": record.get("sourceKind") or None,
        "reservation_id": record.get("sourceIdentifier") or None,
        "source_id": record.get("sourceId") or None,
    }


def _amount(source: Property, record: Record) -> Any:
    """In units of the currency. The vendor's examples show units; its contract says that amounts
    are in the smallest ones (cents) unless it says otherwise, and of these it does not."""
    if not source.pays_in_smallest_units:
        return record.get("amount")
    scale = record.get("currencyScale")
    if type(scale) is not int or not 0 <= scale <= MOST_DECIMALS:
        raise ValueError("currencyScale is no number of decimals")
    amount = lenient_amount(record.get("amount"))
    return None if amount is None else amount.scaleb(-scale)


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
