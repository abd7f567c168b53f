"""Feeds as the company file lists them: what each may say, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from trueup.sources.contract import Access, Stream
from trueup.sources.files import csv_lines
from trueup.sources.files.streams import STREAMS

NEEDED = frozenset({"name", "stream", "path", "sql"})
ALLOWED = NEEDED | {"reader", "macros", "headline_claim", "tolerances"}
#: Streams whose rows a goal mapping can select by the stream's own name.
SELECTED = ("orders", "bookings", "deals", "leads")
CLAIMS = "claims"
#: A select that gives this column hands over who a person was.
PERSON = "person_id"


@dataclass(frozen=True)
class Feed:
    """Files of one kind and the select that maps them onto a stream."""

    name: str
    stream: str
    path: str
    sql: str
    reader: Mapping[str, Any] = field(default_factory=dict)
    macros: str | None = None

    def select(self, folder: Path) -> str:
        return (folder / self.sql).read_text(encoding="utf-8")


def listed(options: Mapping[str, Any]) -> list[Feed]:
    """The feeds of options that have no problems."""
    return [
        Feed(
            str(entry["name"]), entry["stream"], entry["path"], entry["sql"],
            entry.get("reader") or {}, entry.get("macros"),
        )
        for entry in options.get("feeds") or ()
    ]  # fmt: skip


def problems(options: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the feeds by their text alone, each with its path."""
    entries = options.get("feeds")
    if not isinstance(entries, list | tuple):
        if entries is not None:
            yield "feeds: should be a list"
        return
    seen: list[tuple[Any, Any]] = []
    for index, entry in enumerate(entries):
        at = f"feeds.{index}"
        if not isinstance(entry, Mapping):
            yield f"{at}: not a mapping of {', '.join(sorted(ALLOWED))}"
            continue
        yield from _problems_of(at, entry)
        if (one := (entry.get("stream"), entry.get("name"))) in seen:
            yield f"{at}.name: there are two feeds {one[1]} of {one[0]}"
        seen.append(one)


def _problems_of(at: str, entry: Mapping[Any, Any]) -> Iterator[str]:
    yield from (f"{at}.{key}: missing" for key in sorted(NEEDED - set(entry)))
    yield from (f"{at}.{key}: unknown key (misspelt?)" for key in sorted(set(entry) - ALLOWED))
    names = [stream.name for stream in STREAMS]
    if "stream" in entry and entry["stream"] not in names:
        yield f"{at}.stream: no stream {entry['stream']}; there are {', '.join(names)}"
    for key in ("name", "path", "sql", "macros"):
        if key in entry and not isinstance(entry[key], str):
            yield f"{at}.{key}: should be text"
    if "headline_claim" in entry and entry.get("stream") != CLAIMS:
        yield f"{at}.headline_claim: belongs to a feed of {CLAIMS}"
    reader = entry.get("reader") or {}
    if not isinstance(reader, Mapping):
        yield f"{at}.reader: should hold options and their values"
    else:
        yield from (f"{at}.reader.{text}" for text in csv_lines.option_problems(reader))


def divide(access: Access, stream: Stream) -> Iterator[tuple[str, Access]]:
    """Each feed of the stream lands on its own; a stream without a feed lands empty."""
    found = [x for x in access.options.get("feeds") or () if x["stream"] == stream.name]
    if not found:
        yield "", replace(access, options={"feeds": []})
    for entry in found:
        yield str(entry["name"]), replace(access, options={"feeds": [entry]})


def used(options: Mapping[str, Any]) -> list[Stream]:
    named = {feed.stream for feed in listed(options)}
    return [stream for stream in STREAMS if stream.name in named]


def selectors(options: Mapping[str, Any]) -> tuple[str, ...]:
    """What goal mappings can select: a stream, a stream of a feed, or any action of claims."""
    found = listed(options)
    names = [name for feed in found for name in selected(feed)]
    is_claiming = any(feed.stream == CLAIMS for feed in found)
    return (*(re.escape(name) for name in names), *([".+"] if is_claiming else []))


def selected(feed: Feed) -> tuple[str, ...]:
    """What goal mappings may call the rows of a feed."""
    return (feed.stream, f"{feed.name}:{feed.stream}") if feed.stream in SELECTED else ()


def personal_data(options: Mapping[str, Any], folder: Path) -> bool:
    """Whether a select gives who a person was. One that cannot be read gives nothing yet."""
    for feed in listed(options):
        try:
            if PERSON in feed.select(folder):
                return True
        except (OSError, ValueError):
            continue
    return False
