"""The logs a company names: files, or a table in BigQuery; and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from trueup.sources.contract import Access, Stream
from trueup.sources.conversions_api.streams import ATTEMPTS, GOOGLE, META, REQUESTS
from trueup.sources.files import csv_options

ALLOWED = frozenset({"name", "path", "table", "reader"})
TABLE = re.compile(r"[A-Za-z0-9_:.-]+\.[A-Za-z0-9_]+\.[A-Za-z0-9_$-]+\*?")
#: How an account is written in the company file: where its events go, and its id there.
ACCOUNT = re.compile(rf"({META}|{GOOGLE}):(\d{{4,20}})")


@dataclass(frozen=True)
class Log:
    """One log: `path` is a glob below the company file, `table` a table of BigQuery's."""

    name: str
    path: str = ""
    table: str = ""
    reader: Mapping[str, Any] = field(default_factory=dict, hash=False)


def listed(options: Mapping[str, Any]) -> list[Log]:
    """The logs of which nothing is wrong."""
    return [
        Log(one["name"], one.get("path", ""), one.get("table", ""), one.get("reader") or {})
        for one in _entries(options)
        if isinstance(one, Mapping) and not any(_problems_of("", one))
    ]


def problems(options: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the logs by their text alone."""
    if not options.get("logs"):
        yield "logs: a list of {name, path} or {name, table} is wanted: what the sender writes"
    seen: list[Any] = []
    for index, entry in enumerate(_entries(options)):
        at = f"logs.{index}"
        if not isinstance(entry, Mapping):
            yield f"{at}: not a mapping of {', '.join(sorted(ALLOWED))}"
            continue
        yield from _problems_of(at, entry)
        if entry.get("name") in seen:
            yield f"{at}.name: there are two logs {entry['name']}"
        seen.append(entry.get("name"))


def _problems_of(at: str, entry: Mapping[Any, Any]) -> Iterator[str]:
    yield from (f"{at}.{key}: unknown key (misspelt?)" for key in sorted(set(entry) - ALLOWED))
    if not isinstance(entry.get("name"), str) or not entry["name"]:
        yield f"{at}.name: missing; the log is known by it"
    given = [key for key in ("path", "table") if key in entry]
    if len(given) != 1:
        yield f"{at}: either a path or a table is wanted"
    for key in given:
        if not isinstance(entry[key], str):
            yield f"{at}.{key}: should be text"
        elif key == "table" and not TABLE.fullmatch(entry[key]):
            yield (
                f"{at}.table: {entry[key]!r} is no project.dataset.table; tables of one day each"
                " end in *, as project.dataset.sent_*"
            )
    reader = entry.get("reader") or {}
    if not isinstance(reader, Mapping):
        yield f"{at}.reader: should hold options and their values"
    else:
        yield from (f"{at}.reader.{text}" for text in csv_options.option_problems(reader))


def _entries(options: Mapping[str, Any]) -> list[Any]:
    found = options.get("logs")
    return list(found) if isinstance(found, list | tuple) else []


def divide(access: Access, stream: Stream) -> Iterator[tuple[str, Access]]:
    """Each log lands on its own; what a destination says lands by its account."""
    if stream.name == ATTEMPTS.name:
        for log in listed(access.options):
            yield log.name, replace(access, options={**access.options, "logs": [_plain(log)]})
        return
    wanted = GOOGLE if stream.name == REQUESTS.name else META
    for account in access.accounts:
        found = ACCOUNT.fullmatch(account.id)
        if found and found[1] == wanted:
            yield account.id, access.narrowed(account)


def _plain(log: Log) -> dict[str, Any]:
    where = {"path": log.path} if log.path else {"table": log.table}
    return {"name": log.name, **where, "reader": dict(log.reader)}


def account_of(access: Access) -> str:
    """The id by which the destination knows the account."""
    return access.account.id.partition(":")[2]
