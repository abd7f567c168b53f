"""Deals and contacts of a CRM, each described in a line: when it was, and what was written."""

from __future__ import annotations

from typing import Any

from cases.crm_portal import Record, iso

PIPELINES = {
    "default": {"contract": "0.9", "closedwon": "1.0", "delivered": "1.0", "closedlost": "0.0"},
    "second": {"1049658": "0.5", "1049659": "1.0", "1049660": "0.0"},
    "third": {"signed": "0.9", "verbal": "1.0"},
}
#: A pipeline that no goal is mapped to.
DELIVERY = {"delivery": {"begun": "1.0"}}
WON, LOST = "closedwon", "closedlost"


def deal(
    number: int, *written: tuple[str, dict[str, Any]], contact: str = "", **more: Any
) -> Record:
    """A deal of the default pipeline, with the short names of what is written."""
    names = {"stage": "dealstage", "close": "closedate", "currency": "deal_currency_code",
             "merged": "hs_merged_object_ids", "won": "hs_is_closed_won",
             "closed": "hs_is_closed"}  # fmt: skip
    first = {"pipeline": "default", "amount": None, "deal_currency_code": "EUR"}
    changes = [
        (
            at,
            {names.get(name, name): iso(v) if name == "close" else v for name, v in change.items()},
        )
        for at, change in written
    ]
    changes[0] = (changes[0][0], first | changes[0][1])
    links = more.pop("links", ((contact, None),) if contact else ())
    return Record("deals", str(number), tuple(changes), links=links, **more)


def won(at: str, amount: str | None, **more: Any) -> tuple[str, dict[str, Any]]:
    return at, {"stage": WON, "close": at, "amount": amount, **more}


def contact(number: int, created: str, *written: tuple[str, dict[str, Any]], **more: Any) -> Record:
    names = {"form": "enquiry_form", "g": "hs_google_click_id", "f": "hs_facebook_click_id",
             "asked": "recent_conversion_event_name", "merged": "hs_merged_object_ids"}  # fmt: skip
    changes: list[tuple[str, dict[str, Any]]] = [(created, {"email": f"p{number}@example.com"})]
    for at, change in written:
        values = {names.get(name, name): value for name, value in change.items()}
        if "asked" in change:
            values["recent_conversion_date"] = iso(at)
        changes.append((at, values))
    return Record("contacts", str(number), tuple(changes), **more)


def enquiry(**more: Any) -> dict[str, Any]:
    return {"form": "wedding", "asked": "Contact: Wedding form", **more}
