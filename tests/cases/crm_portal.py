"""A CRM's portal described record by record: what was written, when, and by what."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from loopback import serving

Written = tuple[str, dict[str, Any]]
#: How many values of a property the vendor keeps, by kind.
KEPT = {"contacts": 45}


@dataclass(frozen=True)
class Record:
    """A record: each moment with what was written then. `by` names who wrote, where it is not a
    person; `links` are contacts with the labels people gave them."""

    kind: str
    id: str
    written: tuple[Written, ...]
    links: tuple[tuple[str, str | None], ...] = ()
    archived_at: str | None = None
    by: dict[str, str] = field(default_factory=dict)

    @property
    def cursor(self) -> str:
        return "lastmodifieddate" if self.kind == "contacts" else "hs_lastmodifieddate"

    @property
    def born(self) -> str:
        return "createdate" if self.kind in ("contacts", "deals") else "hs_createdate"

    def properties(self) -> dict[str, Any]:
        values: dict[str, Any] = {self.born: iso(self.written[0][0])}
        for _, change in self.written:
            values |= change
        return {**values, self.cursor: iso(self.written[-1][0]), "hs_object_id": self.id}

    def answer(self, wanted: list[str], history: list[str]) -> dict[str, Any]:
        values = self.properties()
        changes = [
            (at, name, value) for at, change in reversed(self.written)
            for name, value in change.items()
        ]  # fmt: skip
        record: dict[str, Any] = {
            "id": self.id,
            "properties": {name: values.get(name) for name in (*wanted, self.cursor)},
            "createdAt": iso(self.written[0][0]),
            "updatedAt": values[self.cursor],
            "archived": self.archived_at is not None,
        }
        if self.archived_at:
            record["archivedAt"] = iso(self.archived_at)
        if history:
            record["propertiesWithHistory"] = {
                name: [
                    {"value": value if value is not None else "", "timestamp": iso(at),
                     "sourceType": self.by.get(at, "FORM" if self.kind == "contacts" else "CRM_UI")}
                    for at, written, value in changes
                    if written == name
                ][: KEPT.get(self.kind, 20)]
                for name in history
            }  # fmt: skip
        return record


def iso(at: str) -> str:
    """`09-10 10:00` as HubSpot writes an instant; the year is 2026 where none is named."""
    text = at if at[:4].isdigit() else f"2026-{at}"
    return datetime.fromisoformat(text).replace(tzinfo=UTC).isoformat().replace("+00:00", "Z")


def millis(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000)


class Portal:
    def __init__(self, records: list[Record], pipelines: dict[str, dict[str, str]]) -> None:
        self.records, self.pipelines = records, pipelines

    def get(self, path: str, query: dict[str, str]) -> Any:
        if path.endswith("account-info/v3/details"):
            return {"portalId": 1, "companyCurrency": "EUR"}
        if path.endswith("pipelines/deals"):
            return {
                "results": [
                    {"id": name, "stages": [
                        {"id": stage, "metadata": {
                            "probability": odds, "isClosed": str(odds in ("1.0", "0.0")).lower()}}
                        for stage, odds in stages.items()
                    ]}
                    for name, stages in self.pipelines.items()
                ]
            }  # fmt: skip
        kind = path.rpartition("/")[2]
        gone = [one for one in self.records if one.kind == kind and one.archived_at]
        return {"results": [one.answer(query["properties"].split(","), []) for one in gone]}

    def post(self, path: str, query: dict[str, str], body: Any) -> Any:
        parts = path.split("/")
        if "associations" in parts:
            kind = parts[parts.index("associations") + 1]
            asked = {entry["id"] for entry in body["inputs"]}
            return {
                "results": [
                    {"from": {"id": one.id}, "to": [
                        {"toObjectId": int(contact), "associationTypes": [{"label": label}]}
                        for contact, label in one.links
                    ]}
                    for one in self.records
                    if one.kind == kind and one.id in asked and one.links
                ]
            }  # fmt: skip
        kind = parts[parts.index("objects") + 1]
        if path.endswith("search"):
            return self._search(kind, body)
        asked = {entry["id"] for entry in body["inputs"]}
        is_archived = query.get("archived") == "true"
        return {
            "results": [
                one.answer(body["properties"], body["propertiesWithHistory"])
                for one in self.records
                if one.kind == kind and one.id in asked and bool(one.archived_at) == is_archived
            ]
        }

    def _search(self, kind: str, body: Any) -> Any:
        found = []
        live = [one for one in self.records if one.kind == kind and not one.archived_at]
        for one in sorted(live, key=lambda one: int(one.id)):
            if any(
                all(fits(one.properties().get(entry["propertyName"]), entry) for entry in group)
                for group in (one_of["filters"] for one_of in body["filterGroups"])
            ):
                found.append(one)
        page = found[: body["limit"]]
        return {"total": len(found), "results": [o.answer(body["properties"], []) for o in page]}

    @contextmanager
    def open(self) -> Iterator[str]:
        """The portal's address, for as long as the block runs."""
        portal = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path, query = split(self.path)
                self.send(portal.get(path, query))

            def do_POST(self) -> None:
                path, query = split(self.path)
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                self.send(portal.post(path, query, body))

            def send(self, content: Any) -> None:
                body = json.dumps(content).encode()
                self.send_response(content.get("_status", 200))
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        with serving(Answers) as url:
            yield url


def fits(value: str | None, entry: dict[str, str]) -> bool:
    if entry["operator"] == "NOT_HAS_PROPERTY":
        return value is None
    if value is None:
        return False
    number = int(value) if entry["propertyName"] == "hs_object_id" else millis(value)
    bound = int(entry["value"])
    return {"GT": number > bound, "GTE": number >= bound, "LT": number < bound}[entry["operator"]]


def split(target: str) -> tuple[str, dict[str, str]]:
    parts = urlsplit(target)
    return parts.path, dict(parse_qsl(parts.query))
