"""Landing suites of the booking engine: what spoils a stream for each expectation of theirs."""

from __future__ import annotations

from gates.mutations import Written

MUTATIONS: Written = {
    "cloudbeds__reservations": {
        "More was given back than was ever paid": "update {t} set paid_amount = -1 where {one}",
        "Without an ISO currency code an amount cannot be converted, only guessed": (
            "update {t} set currency_code = 'euro' where {one}"
        ),
        "Guests leave after they arrive; the two dates are swapped or one is wrong": (
            "update {t} set departure_date = arrival_date - 1 where {one}"
        ),
        "A status that nobody here knows is set aside; the engine may have a new one": (
            "update {t} set status = 'in_house' where {one}"
        ),
        "A cancellation without a moment is dated by the last change": (
            "update {t} set status = 'canceled', cancelled_at = null where {one}"
        ),
    },
    "cloudbeds__transactions": {
        "Money without an ISO currency code cannot be converted, only guessed": (
            "update {t} set currency_code = 'euro' where {one}"
        ),
        "A kind of payment that nobody here knows is set aside; the engine may have a new one": (
            "update {t} set code = '9300X' where {one}"
        ),
        "A payment that names no reservation is money of nobody's booking": (
            "update {t} set reservation_id = null where {one}"
        ),
    },
    "cloudbeds__property": {
        "The property's amounts are in this currency": "update {t} set currency_code = 'euro'",
    },
}
