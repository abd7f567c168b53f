"""The published mart: a new file takes the old one's place in one step, or nothing happens.

A reader has the last good mart open or the new one, at every instant, whatever is killed when.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from trueup.errors import TrueupError, of_machine
from trueup.publish import mart_copy
from trueup.publish.mart_copy import NO_COMMENTS, Comments

KEEP = 5


@dataclass(frozen=True)
class PublishedMart:
    """Where one company's published file and its predecessors lie."""

    mart: Path
    history: Path

    def versions(self) -> list[Path]:
        """Marts still kept, newest first: the current one's twin, its predecessors, and one that
        never was in place where a publish was killed."""
        return sorted(self.history.glob("mart-*.duckdb"), reverse=True)


def publish(
    build_file: Path, published: PublishedMart, at: datetime, comments: Comments = NO_COMMENTS
) -> Path:
    """Copy the marts out of the build file, with `comments` on their tables and columns, and put
    them in place of the published file."""
    published.history.mkdir(parents=True, exist_ok=True)
    for leftover in published.history.glob("*.partial*"):
        leftover.unlink()
    version = published.history / f"mart-{at:%Y%m%dT%H%M%S%f}.duckdb"
    partial = version.with_suffix(".partial")
    try:
        mart_copy.make(build_file, partial, like=published.mart, comments=comments)
    except (duckdb.Error, OSError) as error:
        for leftover in published.history.glob("*.partial*"):
            leftover.unlink()
        if trouble := of_machine(error, "the marts were not copied; readers keep the last one"):
            raise trouble from None
        raise TrueupError(
            "the marts could not be copied; readers keep the last one",
            got=str(error),
            next_step=f"make sure there is room for {published.history}, then publish again",
        ) from None
    # Read-only on disk: a client that forgets to ask for it cannot alter what others read.
    partial.chmod(0o400)
    _sync(partial)
    os.replace(partial, version)
    _put_in_place(version, published)
    oldest = published.versions()[:KEEP][-1]
    for file in published.history.glob("mart-*"):  # what was withdrawn goes with those of its time
        if file.name < oldest.name:
            file.unlink()
    return published.mart


def rollback(published: PublishedMart) -> Path:
    """Publish the version that preceded the current one, which is withdrawn."""
    versions = published.versions()
    in_place = [
        published.mart.exists() and version.samefile(published.mart) for version in versions
    ]
    withdrawn = versions[: in_place.index(True) + 1] if any(in_place) else []
    earlier = versions[len(withdrawn) :]
    if not earlier:
        raise TrueupError(
            "there is no earlier mart to go back to",
            got=f"{len(versions)} version(s) in {published.history}",
            next_step="build and publish again with `trueup build` and `trueup publish`",
        )
    for version in withdrawn:
        version.rename(version.with_suffix(".withdrawn"))
    _put_in_place(earlier[0], published)
    return earlier[0]


def _put_in_place(version: Path, published: PublishedMart) -> None:
    """A hard link under a passing name, then one rename: never a moment without a mart."""
    passing = published.mart.with_suffix(".next")
    passing.unlink(missing_ok=True)
    os.link(version, passing)
    os.replace(passing, published.mart)
    _sync(published.mart.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
