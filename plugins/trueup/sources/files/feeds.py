"""Feeds as the company file lists them: what each may say, and what is wrong with them."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from trueup.sources.contract import Access, Stream
from trueup.sources.files import csv_options
from trueup.sources.files.file_order import natural
from trueup.sources.files.streams import STREAMS

NEEDED = frozenset({"name", "stream", "path", "sql"})
ALLOWED = NEEDED | {"reader", "macros", "headline_claim", "tolerances", "owns_days"}
#: Streams whose rows a goal mapping can select by the stream's own name.
SELECTED = ("orders", "bookings", "deals", "leads")
CLAIMS = "claims"
#: How spreadsheets name the file by which they hold another open; it holds no rows.
LOCK = "~$"
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
    #: Whether each file has every row of the days from its first to its last; None where nobody
    #: says so.
    owns_days: bool | None = None

    def select(self, folder: Path) -> str:
        return (folder / self.sql).read_text(encoding="utf-8")

    def delivered(self, folder: Path) -> list[str]:
        """The files its path matches, below `folder`, without locks of spreadsheets: those that
        stand for others come last."""
        return [file for file in self._matched(folder) if not Path(file).name.startswith(LOCK)]

    def locks(self, folder: Path) -> list[str]:
        """The locks among them: somebody has the file of that name open."""
        return [file for file in self._matched(folder) if Path(file).name.startswith(LOCK)]

    def _matched(self, folder: Path) -> list[str]:
        """A folder or file that is really called `[2026]` is meant by these letters, whatever else
        brackets match."""
        spelt, base = [], folder
        for part in Path(self.path).parts:
            base = base / part
            spelt.append(glob.escape(part) if base.exists() else part)
        patterns = {self.path, str(Path(*spelt)) if spelt else self.path}
        found = {
            one for path in patterns for one in glob.glob(path, root_dir=folder, recursive=True)
        }
        return sorted((one for one in found if not (folder / one).is_dir()), key=natural)


def listed(options: Mapping[str, Any]) -> list[Feed]:
    """The feeds of which nothing is wrong by their text."""
    return [feed for feed in map(sound, entries(options)) if feed]


def entries(options: Mapping[str, Any]) -> list[Any]:
    found = options.get("feeds")
    return list(found) if isinstance(found, list | tuple) else []


def sound(entry: Any) -> Feed | None:
    """The feed an entry describes, unless something is wrong with it."""
    if not isinstance(entry, Mapping) or any(_problems_of("", entry)):
        return None
    return Feed(
        entry["name"], entry["stream"], entry["path"], entry["sql"], entry.get("reader") or {},
        entry.get("macros"), entry.get("owns_days"),
    )  # fmt: skip


def problems(options: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the feeds by their text alone, each with its path."""
    seen: list[tuple[Any, Any]] = []
    for index, entry in enumerate(entries(options)):
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
    if not isinstance(entry.get("owns_days", False), bool):
        yield f"{at}.owns_days: true or false is wanted"
    if "headline_claim" in entry and entry.get("stream") != CLAIMS:
        yield f"{at}.headline_claim: belongs to a feed of {CLAIMS}"
    reader = entry.get("reader") or {}
    if not isinstance(reader, Mapping):
        yield f"{at}.reader: should hold options and their values"
    else:
        yield from (f"{at}.reader.{text}" for text in csv_options.option_problems(reader))


def divide(access: Access, stream: Stream) -> Iterator[tuple[str, Access]]:
    """Each feed of the stream lands on its own; a stream without one does not land at all."""
    for entry in entries(access.options):
        if entry["stream"] == stream.name:
            yield entry["name"], replace(access, options={"feeds": [entry]})


def used(options: Mapping[str, Any]) -> list[Stream]:
    named = {feed.stream for feed in listed(options)}
    return [stream for stream in STREAMS if stream.name in named]


def selectors(options: Mapping[str, Any]) -> tuple[str, ...]:
    """What goal mappings can select: a stream, a stream of a feed, or any action of claims. A feed
    with something else wrong counts as well."""
    named = [entry for entry in entries(options) if isinstance(entry, Mapping)]
    pairs = [(str(entry.get("name")), str(entry.get("stream"))) for entry in named]
    names = [re.escape(name) for pair in pairs for name in selected(*pair)]
    return (*names, *([".+"] if any(stream == CLAIMS for _, stream in pairs) else []))


def selected(feed: str, stream: str) -> tuple[str, ...]:
    """What goal mappings may call the rows of a feed."""
    return (stream, f"{feed}:{stream}") if stream in SELECTED else ()


def personal_data(options: Mapping[str, Any], folder: Path) -> bool:
    """Whether a select gives who a person was. One that cannot be read gives nothing yet."""
    for feed in listed(options):
        try:
            if PERSON in feed.select(folder):
                return True
        except (OSError, ValueError):
            continue
    return False
