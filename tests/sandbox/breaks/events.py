"""Breaks of what the site's tags send: kinds 1 to 7."""

from __future__ import annotations

from dataclasses import replace

from sandbox.breaks.case import Break, Case, at_once
from sandbox.world import containers
from sandbox.world.containers import field
from sandbox.world.deeds import State
from sandbox.world.tags import add, put, remove

MEASUREMENT = field("measurementIdOverride", "G-HRBHS2026")


def tag_dead(case: Case) -> Break:
    """Somebody cleans up the container: purchase tags of GA4 and of Meta's pixel are gone."""
    deeds = case.publish(
        "Fewer tags",
        at_once(remove("12"), remove("16")),
        at_once(_as_it_was("12"), _as_it_was("16")),
        (("tag", "12", 'tag "Purchase" was removed'),
         ("tag", "16", 'tag "Pixel - Purchase" was removed')),
        (("tag", "12", 'tag "Purchase" was added'),
         ("tag", "16", 'tag "Pixel - Purchase" was added')),
    )  # fmt: skip
    changes = case.more("purchase_tag_loss", tag="purchase") + case.only(
        lambda: case.less("claim_observed_share", platform="meta_ads", action="purchase")
    )
    return Break(1, "purchase_tag_dead", case.day, case.until, changes, deeds)


def tag_partial(case: Case) -> Break:
    """The purchase tag is blocked by a trigger that means more browsers than was thought."""
    case = replace(case, segment=case.segment or {"browser": "Safari"})
    blocked = put("tag", "12", blockingTriggerId=["23"])
    deeds = case.publish(
        "Not in the app", blocked, _as_it_was("12"),
        (("tag", "12", 'tag "Purchase": blocking trigger id none became 23'),),
        (("tag", "12", 'tag "Purchase": blocking trigger id 23 became none'),),
    )  # fmt: skip
    changes = case.more("purchase_tag_loss", tag="purchase")
    return Break(2, "tag_partial", case.day, case.until, changes, deeds)


def double_firing(case: Case) -> Break:
    """A second trigger on the thank-you page: GA4, the pixel and Google's tag all fire twice."""
    tags = {"12": "Purchase", "14": "Ads - Purchase", "16": "Pixel - Purchase"}
    deeds = case.publish(
        "Thank-you page",
        at_once(*(put("tag", one, firingTriggerId=["21", "22"]) for one in tags)),
        at_once(*(put("tag", one, firingTriggerId=["21"]) for one in tags)),
        tuple(("tag", one, f'tag "{name}": firing trigger id 21 became 21, 22')
              for one, name in tags.items()),
        tuple(("tag", one, f'tag "{name}": firing trigger id 21, 22 became 21')
              for one, name in tags.items()),
    )  # fmt: skip
    changes = case.more("doubled_purchase_share") + case.only(
        lambda: case.more("doubled_claim_share", platform="meta_ads", action="purchase"),
        lambda: case.more("doubled_claim_share", platform="google_ads", action="purchase"),
    )
    return Break(3, "double_firing", case.day, case.until, changes, deeds)


def id_missing(case: Case) -> Break:
    """The purchase tag no longer sends the order's number."""
    return Break(
        4, "transaction_id_missing", case.day, case.until,
        case.more("missing_transaction_share"),
        _purchase_sends(case, field("transactionId", ""), "transaction id"),
    )  # fmt: skip


def id_constant(case: Case) -> Break:
    """The purchase tag sends the number of the cart's first order for those that follow it."""
    return Break(
        4, "transaction_id_missing", case.day, case.until,
        case.more("merged_transaction_share"),
        _purchase_sends(case, field("transactionId", "{{Cart id}}"), "transaction id"),
    )  # fmt: skip


def currency_wrong(case: Case) -> Break:
    """The purchase tag says dollars; the figures are euros still."""
    return Break(
        5, "currency_wrong", case.day, case.until,
        case.more("currency_wrong_share"),
        _purchase_sends(case, field("currency", "USD"), "currency"),
    )  # fmt: skip


def value_scaled(case: Case) -> Break:
    """The shop's data layer holds cents where it held euros: every tag that reads it follows."""
    changes = case.more("value_cents_share") + case.only(
        lambda: case.more("claim_cents_share", action="purchase")
    )
    deeds = _value_from(case, "ecommerce.value_in_cents")
    return Break(6, "value_scaled", case.day, case.until, changes, deeds)


def value_missing(case: Case) -> Break:
    """The variable reads a field of the data layer that is not there."""
    changes = case.more("value_lost_share") + case.only(
        lambda: case.more("claim_worthless_share", action="purchase")
    )
    deeds = _value_from(case, "ecommerce.total")
    return Break(7, "value_missing", case.day, case.until, changes, deeds)


def _purchase_sends(case: Case, sent: State, words: str) -> tuple:
    """A version in which the purchase tag sends one more field."""
    kept = containers.web()["tag"][1]["parameter"]
    return case.publish(
        f"Purchase: {words}",
        put("tag", "12", parameter=[*kept, sent]),
        put("tag", "12", parameter=kept),
        (("tag", "12", f'tag "Purchase": {words} none became {sent["value"]}'),),
        (("tag", "12", f'tag "Purchase": {words} {sent["value"]} became none'),),
    )


def _value_from(case: Case, name: str) -> tuple:
    """A version in which the order's value is read from another field of the data layer."""
    [old] = [one for one in containers.web()["variable"] if one["variableId"] == "41"]
    version = old["parameter"][0]
    return case.publish(
        "Order value",
        put("variable", "41", parameter=[version, field("name", name)]),
        put("variable", "41", parameter=old["parameter"]),
        (("variable", "41", f'variable "Order value": name ecommerce.value became {name}'),),
        (("variable", "41", f'variable "Order value": name {name} became ecommerce.value'),),
    )


def _as_it_was(number: str):
    """Puts a tag back as it was when the story opened."""
    [old] = [one for one in containers.web()["tag"] if one["tagId"] == number]
    return at_once(remove(number), add("tag", old))
