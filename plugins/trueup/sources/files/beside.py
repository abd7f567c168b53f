"""What lies in a feed's folder and is none of its files, as a workbook nobody exported."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

from trueup.sources import contacts
from trueup.sources.contract import Note
from trueup.sources.files.feeds import LOCK, Feed

#: How the names of files end that hold rows, whether they can be read here or not.
EXPORT = re.compile(r"\.((csv|tsv|xls|xlsx|xlsm|ods|json|ndjson|jsonl|parquet)(\.gz)?|zip)$", re.I)
#: So many are named, the others counted.
NAMED = 5


def notes(feed: Feed, folder: Path, delivered: Sequence[str]) -> Iterator[Note]:
    """Of exports that are called as the feed's files are, but for their ending or its capitals; not
    of the workbook or archive that one of its files was made of, which has the same name."""
    stem = EXPORT.sub("", Path(feed.path).name).lower()
    known = {_stem(file) for file in delivered}
    left = [
        path.name
        for place in sorted({(folder / file).parent for file in delivered})
        for path in _files(place)
        if EXPORT.search(path.name)
        and fnmatch(_stem(path.name), stem)
        and _stem(path.name) not in known
    ]
    if left:
        yield Note(
            f"feed {feed.name}: beside its files there is {_named(left)}, which {feed.path} does"
            " not match: export it as the others are, widen the path, or move it elsewhere",
            "files left beside",
        )


def why_none(feed: Feed, folder: Path) -> str:
    """Why no file may match the feed's path."""
    place = (folder / feed.path).parent
    if "*" in str(place):
        return ""
    if not place.is_dir():
        return ": there is no such folder"
    found = [path.name for path in _files(place)]
    return f": its folder has {_named(found)}" if found else ": its folder is empty"


def _files(place: Path) -> list[Path]:
    """The files of a folder that a person sees."""
    files = (one for one in place.iterdir() if one.is_file())
    return sorted(one for one in files if not one.name.startswith((".", LOCK)))


def _stem(name: str) -> str:
    return EXPORT.sub("", Path(name).name).lower()


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(map(contacts.cut, names[:NAMED])) + more
