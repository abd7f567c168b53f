"""The tag containers' versions: about twenty a year, most harmless, some that break something.

The story has a random stream of its own. What a version changes is put in words beside it
(`tag_changes`), so that what is made of the containers can be held against it.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import duckdb
import pyarrow as pa

from sandbox.world import containers
from sandbox.world.containers import SERVER, WEB, Content, consent, field, tag, trigger
from sandbox.world.days import Span
from sandbox.world.deeds import Deed
from sandbox.world.tables import TABLES

#: Days between two versions of the site's container: twenty a year.
MEAN_GAP_DAYS, LEAST_GAP_DAYS = 24.0, 3.0


@dataclass(frozen=True)
class Edit:
    """One version: its name, what it does to the container, and that in words."""

    name: str
    make: Callable[[Content], None]
    changes: tuple[tuple[str, str, str], ...]


def put(kind: str, number: str, **values: object) -> Callable[[Content], None]:
    id_field = f"{kind}Id" if kind != "customTemplate" else "templateId"

    def make(content: Content) -> None:
        found = next(one for one in content[kind] if one[id_field] == number)
        found.update({key: value for key, value in values.items() if value is not None})
        for key in [key for key, value in values.items() if value is None]:
            found.pop(key, None)

    return make


def add(kind: str, one: dict[str, object]) -> Callable[[Content], None]:
    return lambda content: content[kind].append(one)


def remove(number: str) -> Callable[[Content], None]:
    def make(content: Content) -> None:
        content["tag"] = [one for one in content["tag"] if one["tagId"] != number]

    return make


#: What keeps a container busy, in an order of its own in each world.
HARMLESS = (
    Edit("Newsletter pixel is in the archive", put("tag", "18", parentFolderId="32"),
         (("tag", "18", 'tag "Old newsletter pixel": parent folder id 31 became 32'),)),
    Edit("Chat script of the summer", put("tag", "17", parameter=[field("html", "<b>1</b>")]),
         (("tag", "17", 'tag "Chat": html was changed'),)),
    Edit("Google tag first", put("tag", "11", priority=field("priority", "20", "integer")),
         (("tag", "11", 'tag "Google tag": priority 10 became 20'),)),
    Edit("Scroll depth", add("tag", tag(61, "Scroll", "gaawe", field("eventName", "scroll"),
                                         firingTriggerId=["62"])),
         (("tag", "61", 'tag "Scroll" was added'),)),
    Edit("A trigger for it", add("trigger", trigger(62, "Scrolled", "scrolled")),
         (("trigger", "62", 'trigger "Scrolled" was added'),)),
    Edit("Partners are friends", put("folder", "31", name="Friends"),
         (("folder", "31", 'folder "Partners" is now called "Friends"'),)),
    Edit("Clicks", add("builtInVariable", {"name": "Click URL", "type": "clickUrl"}),
         (("built-in variable", "clickUrl", 'built-in variable "Click URL" was added'),)),
    Edit("Members by cookie", 
         put("variable", "42", parameter=[field("javascript", "function(){}")]),
         (("variable", "42", 'variable "Is member": javascript was changed'),)),
    Edit("Template 2", put("customTemplate", "51", templateData="___INFO___ {version: 2}"),
         (("template", "51", 'template "Server events": template data was changed'),)),
    Edit("Chat is called support", put("tag", "17", name="Support chat"),
         (("tag", "17", 'tag "Chat" is now called "Support chat"'),)),
)  # fmt: skip
#: What breaks something, and what mends it, each on its day.
BREAKS = (
    (datetime(2026, 9, 20, 10, 12), Edit(
        "Consent review",
        put("tag", "13", consentSettings=consent("needed", "analytics_storage")),
        (("tag", "13", 'trigger of "Lead" now needs consent'),
         ("tag", "13", 'tag "Lead": consent types none became analytics_storage')))),
    (datetime(2026, 9, 28, 15, 40), Edit(
        "Consent review, second thoughts",
        put("tag", "13", consentSettings=consent("notNeeded")),
        (("tag", "13", 'trigger of "Lead" no longer needs consent'),
         ("tag", "13", 'tag "Lead": consent types analytics_storage became none')))),
    (datetime(2026, 10, 6, 9, 5), Edit(
        "Server side only", put("tag", "16", paused=True),
        (("tag", "16", 'tag "Pixel - Purchase" was paused'),))),
    (datetime(2026, 10, 19, 11, 30), Edit(
        "Clean-up", remove("16"), (("tag", "16", 'tag "Pixel - Purchase" was removed'),))),
)  # fmt: skip


def tell_tags(con: duckdb.DuckDBPyConnection, span: Span, deeds: Sequence[Deed] = ()) -> None:
    """Make tag_containers, tag_versions, tag_publishes and tag_changes.

    `deeds` are versions that are published beside those of every world.
    """
    about, versions, publishes, changes = [], [], [], []
    for public_id, (name, context, account, container, _) in containers.CONTAINERS.items():
        about.append({"public_id": public_id, "container_name": name, "usage_context": context,
                      "account_id": account, "container_id": container})  # fmt: skip
    for public_id, number, at, edit, content in _versions(span, deeds):
        versions.append({"public_id": public_id, "version_id": number, "version_name": edit.name,
                         "created_at": at, "content": json.dumps(content)})  # fmt: skip
        publishes.append({"public_id": public_id, "version_id": number, "published_at": at})
        changes += [{"public_id": public_id, "version_id": number, "published_at": at,
                     "object_type": kind, "object_id": key, "change": words}
                    for kind, key, words in edit.changes]  # fmt: skip
    tables = {"tag_containers": about, "tag_versions": versions, "tag_publishes": publishes,
              "tag_changes": changes}  # fmt: skip
    for table, rows in tables.items():
        con.execute(f"create table {table} ({TABLES[table][0]})")
        if rows:
            con.register("new_rows", pa.Table.from_pylist(rows))
            con.execute(f"insert into {table} by name select * from new_rows")
            con.unregister("new_rows")


def _versions(
    span: Span, deeds: Sequence[Deed]
) -> Iterator[tuple[str, int, datetime, Edit, Content]]:
    """Every version: container, number, moment, edit and what the container holds from then on."""
    opening = datetime.combine(span.start, datetime.min.time()) - timedelta(days=9)
    first = Edit("As it was", lambda content: None, ())
    for public_id, content in ((WEB, containers.web()), (SERVER, containers.server())):
        number = containers.CONTAINERS[public_id][-1]
        yield public_id, number, opening, first, content
        ours = [
            (one.at, Edit(one.name, one.make, one.in_words))
            for one in deeds
            if (one.system, one.account_id) == ("gtm", public_id)
        ]
        known = _edits(span) if public_id == WEB else []
        for at, edit in sorted([*known, *ours], key=lambda one: one[0]):
            number += 1
            content = copy.deepcopy(content)
            edit.make(content)
            yield public_id, number, at, edit, content


def _edits(span: Span) -> list[tuple[datetime, Edit]]:
    dice = random.Random(f"tags {span.seed}")
    edits = [*HARMLESS]
    dice.shuffle(edits)
    found = [one for one in BREAKS if span.start <= one[0].date() < span.until]
    # From a day that no world's start moves, so that all of one seed tell the same story.
    at = datetime.combine(date(2026, 6, 1), datetime.min.time())
    for edit in edits:
        gap = LEAST_GAP_DAYS + dice.expovariate(1 / (MEAN_GAP_DAYS - LEAST_GAP_DAYS))
        at += timedelta(days=round(gap), hours=dice.randrange(8, 17) - at.hour)
        if span.start <= at.date() < span.until:
            found.append((at, edit))
    return sorted(found, key=lambda one: one[0])
