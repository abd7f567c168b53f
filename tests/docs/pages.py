"""What the project's pages tell people to copy and to type."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]
FILES_PAGE = PROJECT / "docs" / "files.md"
FENCE = re.compile(r"^```([a-z]*)(?: ([^\n]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: `language` and `name` stand behind its fence."""

    page: str
    language: str
    name: str
    text: str


def pages() -> list[Path]:
    """Every page of the project that a person reads."""
    return sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")])


def blocks(page: Path) -> list[Block]:
    place = str(page.relative_to(PROJECT))
    return [
        Block(place, language, name.strip(), text)
        for language, name, text in FENCE.findall(page.read_text("utf-8"))
    ]


def named(page: Path) -> dict[str, str]:
    """The page's blocks that are files, by name."""
    return {one.name: one.text for one in blocks(page) if "." in one.name}
