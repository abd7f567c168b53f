"""Landing suites of affiliates: what spoils a stream for each expectation of theirs."""

from __future__ import annotations

from gates.mutations import Written

_STATUS = {
    "A status nobody knows would be counted as none": (
        "update {t} set commission_status = 'on hold' where {one}"
    )
}
_CURRENCY = {
    "A commission without its currency cannot be added to any": (
        "update {t} set commission_currency = null where {one}"
    )
}

MUTATIONS: Written = {
    "awin__transactions": {
        **_STATUS,
        "A sale without its currency cannot be added to any": (
            "update {t} set sale_currency = null where {one}"
        ),
        "A commission larger than its sale points at a wrong rate or a wrong amount": (
            "update {t} set commission_amount = sale_amount + 1 where type <> 'Bonus'"
        ),
        "A sale that was validated before it was made points at a wrong time zone": (
            "update {t} set validated_at = transaction_at - interval 1 hour where {one}"
        ),
        "A sale that names no order cannot be held against the shop's": (
            "update {t} set order_ref = '' where type <> 'Bonus'"
        ),
    },
    "awin__validations": {
        **_STATUS,
        **_CURRENCY,
        "A commission below zero is a correction that should have been an amendment": (
            "update {t} set commission_amount = -1 where type <> 'Bonus'"
        ),
        "A sale that is pending has no day of its validation": (
            "update {t} set commission_status = 'pending' where {one}"
        ),
        "Commissions of several currencies cannot be held against totals that are in one": (
            "update {t} set commission_currency = 'GBP' where {one}"
        ),
    },
    "awin__amendments": {
        **_STATUS,
        **_CURRENCY,
        "What an amendment changed is unknown, so all of it costs on the day of the approval": (
            "update {t} set old_commission_amount = null where {one}"
        ),
    },
    "awin__validated_totals": {
        "A total below zero means more was taken back than was approved": (
            "update {t} set confirmed_comm = -1 where {one}"
        ),
    },
    "awin__publisher_days": {
        "Clicks below zero are a broken export": "update {t} set clicks = -1 where {one}",
    },
    "awin__publishers": {
        "Publishers are joined by their numeric id and shown by their name": (
            "update {t} set name = ' ' where {one}"
        ),
    },
}
