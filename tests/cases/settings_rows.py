"""Snapshots by hand: what a tag manager was set to, load after load, and the changes in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb

#: Kind and id of an object, its name, and its settings.
Thing = tuple[str, str, str | None, Mapping[str, str | None]]
FIRST = datetime(2026, 9, 1, 6, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """Snapshots of one container, and the changes they show; those that break a goal apart."""

    snapshots: tuple[tuple[Thing, ...], ...]
    changes: tuple[str, ...] = ()
    breaks: tuple[str, ...] = ()


def tag(number: str, name: str | None, **settings: str | None) -> Thing:
    return "tag", number, name, {"name": name, "paused": "false", **settings}


def sends(event: str, **settings: str | None) -> dict[str, str | None]:
    return {"parameter eventName": event, "type": "gaawe", "firing_triggers": "21", **settings}


#: No setting: the objects that do not fire without this one.
NEEDED = "needed_by"
MEASURED_BY = "parameter measurementIdOverride"
PURCHASE = tag("1", "Purchase", **sends("purchase"))
BYSTANDER = tag("9", "Chat", html="1")
TRIGGER: Thing = ("trigger", "21", "Bought", {"name": "Bought", "filter": "hidden a"})

CASES: dict[str, Case] = {
    "one snapshot alone": Case(((PURCHASE, BYSTANDER),)),
    "nothing changed": Case(((PURCHASE,), (PURCHASE,), (PURCHASE,))),
    "a tag was paused": Case(
        ((PURCHASE,), (tag("1", "Purchase", **sends("purchase", paused="true")),)),
        breaks=('tag "Purchase" was paused',),
    ),
    "a tag goes on": Case(
        ((tag("1", "Purchase", **sends("purchase", paused="true")),), (PURCHASE,)),
        ('tag "Purchase" is no longer paused',),
    ),
    "a tag that feeds nothing was paused": Case(
        ((BYSTANDER,), (tag("9", "Chat", html="1", paused="true"),)), ('tag "Chat" was paused',)
    ),
    "a tag was removed": Case(
        ((PURCHASE, BYSTANDER), (BYSTANDER,)), breaks=('tag "Purchase" was removed',)
    ),
    "a tag came": Case(((BYSTANDER,), (PURCHASE, BYSTANDER)), ('tag "Purchase" was added',)),
    "a tag went and came back": Case(
        ((PURCHASE, BYSTANDER), (BYSTANDER,), (PURCHASE, BYSTANDER)),
        ('tag "Purchase" was added',), ('tag "Purchase" was removed',),
    ),
    "a tag came back otherwise": Case(
        ((BYSTANDER, PURCHASE), (PURCHASE,), (tag("9", "Chat", html="2"), PURCHASE)),
        ('tag "Chat" was added', 'tag "Chat" was removed'),
    ),
    "an import gave every tag another number": Case(
        ((PURCHASE,), (tag("301", "Purchase", **sends("purchase")),)),
        ('tag "Purchase" was added',), ('tag "Purchase" was removed',),
    ),
    "there and back": Case(
        ((BYSTANDER,), (tag("9", "Chat", html="2"),), (BYSTANDER,)),
        ('tag "Chat": html 1 became 2', 'tag "Chat": html 2 became 1'),
    ),
    "renamed and paused at once": Case(
        ((tag("9", "Chat"),), (tag("9", "Support", paused="true"),)),
        ('tag "Chat" is now called "Support"', 'tag "Support" was paused'),
    ),
    "a setting came": Case(
        ((tag("9", "Chat"),), (tag("9", "Chat", priority="5"),)),
        ('tag "Chat": priority none became 5',),
    ),
    "a setting went": Case(
        ((tag("9", "Chat", priority="5"),), (tag("9", "Chat"),)),
        ('tag "Chat": priority 5 became none',),
    ),
    "nobody says for a while": Case(
        ((tag("9", "Chat", mode="a"),), (tag("9", "Chat", mode=None),),
         (tag("9", "Chat", mode="b"),)),
        ('tag "Chat": mode a became b',),
    ),
    "known for the first time": Case(
        ((tag("9", "Chat", mode=None),), (tag("9", "Chat", mode="a"),))
    ),
    "unknown in the end": Case(((tag("9", "Chat", mode="a"),), (tag("9", "Chat", mode=None),))),
    "a hidden value changed": Case(
        ((tag("9", "Chat", html="hidden a1"),), (tag("9", "Chat", html="hidden b2"),)),
        ('tag "Chat": html was changed',),
    ),
    "a hidden value came and went": Case(
        ((tag("9", "Chat"),), (tag("9", "Chat", notes="hidden a"),), (tag("9", "Chat"),)),
        ('tag "Chat": notes was added', 'tag "Chat": notes was removed'),
    ),
    "an object without a name": Case(
        ((tag("9", None),), (tag("9", None, paused="true"),)), ("tag 9 was paused",)
    ),
    "a name with quotes": Case(
        ((tag("9", 'The "old" one'),), (tag("9", 'The "old" one', paused="true"),)),
        ('tag "The "old" one" was paused',),
    ),
    "two kinds with one id": Case(
        ((tag("5", "Five"), ("folder", "5", "Five", {"name": "Five"})), (tag("5", "Five"),)),
        ('folder "Five" was removed',),
    ),
    "the trigger of a goal's tag listens to something else": Case(
        ((PURCHASE, TRIGGER),
         (PURCHASE, ("trigger", "21", "Bought", {"name": "Bought", "filter": "hidden b"}))),
        breaks=('trigger "Bought": filter was changed',),
    ),
    "nothing fires the tag of a goal any more": Case(
        ((PURCHASE,), (tag("1", "Purchase", **sends("purchase", firing_triggers="none")),)),
        breaks=('tag "Purchase": firing triggers 21 became none',),
    ),
    "the event of a goal is spelt another way": Case(
        ((PURCHASE,), (tag("1", "Purchase", **sends("Purchase")),)),
        breaks=('tag "Purchase": eventName purchase became Purchase',),
    ),
    "a pixel that fires with the purchase was paused": Case(
        ((PURCHASE, tag("2", "Pixel", type="html", firing_triggers="21")),
         (PURCHASE, tag("2", "Pixel", type="html", firing_triggers="21", paused="true"))),
        breaks=('tag "Pixel" was paused',),
    ),
    "a pixel on all pages feeds no goal": Case(
        ((tag("1", "Purchase", **sends("purchase", firing_triggers="2147479553")),
          tag("2", "Pixel", type="html", firing_triggers="2147479553")),
         (tag("1", "Purchase", **sends("purchase", firing_triggers="2147479553")),)),
        ('tag "Pixel" was removed',),
    ),
    "another trigger fires the tag of a goal": Case(
        ((PURCHASE,), (tag("1", "Purchase", **sends("purchase", firing_triggers="22")),)),
        breaks=('tag "Purchase": firing triggers 21 became 22',),
    ),
    "one trigger more fires it": Case(
        ((PURCHASE,), (tag("1", "Purchase", **sends("purchase", firing_triggers="21, 22")),)),
        ('tag "Purchase": firing triggers 21 became 21, 22',),
    ),
    "an exception keeps the tag of a goal from firing": Case(
        ((tag("1", "Purchase", **sends("purchase", blocking_triggers="none")),),
         (tag("1", "Purchase", **sends("purchase", blocking_triggers="30")),)),
        breaks=('tag "Purchase": blocking triggers none became 30',),
    ),
    "an exception is taken away": Case(
        ((tag("1", "Purchase", **sends("purchase", blocking_triggers="30")),),
         (tag("1", "Purchase", **sends("purchase", blocking_triggers="none")),)),
        ('tag "Purchase": blocking triggers 30 became none',),
    ),
    "an exception keeps back more than it did": Case(
        ((tag("1", "Purchase", **sends("purchase", blocking_triggers="21")), TRIGGER),
         (tag("1", "Purchase", **sends("purchase", blocking_triggers="21")),
          ("trigger", "21", "Bought", {"name": "Bought", "filter": "hidden b"}))),
        breaks=('trigger "Bought": filter was changed',),
    ),
    "the tag of a goal ends on a day": Case(
        ((PURCHASE,), (tag("1", "Purchase", **sends("purchase", schedule_end_ms="2026-10-01")),)),
        breaks=('tag "Purchase": schedule end ms none became 2026-10-01',),
    ),
    "the tag of a goal reports to another property": Case(
        ((tag("1", "Purchase", **sends("purchase", **{MEASURED_BY: "G-1"})),),
         (tag("1", "Purchase", **sends("purchase", **{MEASURED_BY: "G-2"})),)),
        breaks=('tag "Purchase": measurementIdOverride G-1 became G-2',),
    ),
    "a trigger waits for something else": Case(
        ((PURCHASE, ("trigger", "21", "Bought", {"name": "Bought", "parameter interval": "5"})),
         (PURCHASE, ("trigger", "21", "Bought", {"name": "Bought", "parameter interval": "9"}))),
        breaks=('trigger "Bought": interval 5 became 9',),
    ),
    "a trigger is filed elsewhere": Case(
        ((PURCHASE, ("trigger", "21", "Bought", {"name": "Bought", "parent_folder_id": "5"})),
         (PURCHASE, ("trigger", "21", "Bought", {"name": "Bought", "parent_folder_id": "9"}))),
        ('trigger "Bought": parent folder id 5 became 9',),
    ),
    "one tag for whatever happens was paused": Case(
        ((tag("1", "Shop", **sends("{{Event}}")),),
         (tag("1", "Shop", **sends("{{Event}}", paused="true")),)),
        breaks=('tag "Shop" was paused',),
    ),
    "a tag whose event's name may not be shown was paused": Case(
        ((tag("1", "Shop", **sends("hidden a")),),
         (tag("1", "Shop", **sends("hidden a", paused="true")),)),
        breaks=('tag "Shop" was paused',),
    ),
    "a pixel of a template that fires with the purchase was paused": Case(
        ((PURCHASE, tag("2", "Pixel", **sends("standard", type="cvt_7_3"))),
         (PURCHASE, tag("2", "Pixel", **sends("standard", type="cvt_7_3", paused="true")))),
        breaks=('tag "Pixel" was paused',),
    ),
    "a pixel of a template elsewhere feeds no goal": Case(
        ((PURCHASE, tag("2", "Pixel", **sends("standard", type="cvt_7_3", firing_triggers="22"))),
         (PURCHASE,)),
        ('tag "Pixel" was removed',),
    ),
    "Google's own tag, which the others need, was paused": Case(
        ((tag("4", "Google", type="googtag"),),
         (tag("4", "Google", type="googtag", paused="true"),)),
        breaks=('tag "Google" was paused',),
    ),
    "a member of the group of triggers that fires the tag of a goal": Case(
        ((tag("1", "Purchase", **sends("purchase", firing_triggers="30")),
          ("trigger", "30", "Both", {"name": "Both", "type": "triggerGroup"}),
          ("trigger", "22", "Paid", {"name": "Paid", "filter": "hidden a", NEEDED: "trigger 30"})),
         (tag("1", "Purchase", **sends("purchase", firing_triggers="30")),
          ("trigger", "30", "Both", {"name": "Both", "type": "triggerGroup"}),
          ("trigger", "22", "Paid", {"name": "Paid", "filter": "hidden b", NEEDED: "trigger 30"}))),
        breaks=('trigger "Paid": filter was changed',),
    ),
    "a tag that has to fire before the tag of a goal was paused": Case(
        ((PURCHASE, tag("8", "Consent", type="html", **{NEEDED: "tag 1"})),
         (PURCHASE, tag("8", "Consent", type="html", paused="true", **{NEEDED: "tag 1"}))),
        breaks=('tag "Consent" was paused',),
    ),
    "a conversion tag asks for more consent": Case(
        ((tag("3", "Ads", type="awct", consent_types="ad_storage"),),
         (tag("3", "Ads", type="awct", consent_types="ad_storage, ad_user_data"),)),
        breaks=('tag "Ads": consent types ad_storage became ad_storage, ad_user_data',),
    ),
}  # fmt: skip


def write(con: duckdb.DuckDBPyConnection) -> None:
    """Every case as a container of its own, its loads in no order at all."""
    rows = [
        {
            "container_id": name, "object_type": kind, "object_id": number, "object_name": label,
            "setting": setting,
            "value": None if (value or "").startswith("hidden") else value,
            "needed_by": settings.get(NEEDED),
            "hidden_value_hmac": value.split()[1] if (value or "").startswith("hidden") else None,
            "_load_id": f"{name} {place}", "_committed_at": FIRST + timedelta(days=place),
            # Asked for another day each time, backwards.
            "_day": (FIRST - timedelta(days=place)).date(),
        }
        for name, case in CASES.items()
        for place, things in enumerate(case.snapshots)
        for kind, number, label, settings in things
        for setting, value in settings.items()
        if setting != NEEDED and not (setting == "name" and value is None)
    ]  # fmt: skip
    insert(con, "raw_gtm.settings__loads", rows[::-1])


def insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" for _ in row)
        con.execute(f"insert into {table} ({names}) values ({marks})", list(row.values()))
