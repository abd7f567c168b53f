"""Pages agree with the code they speak of, and their links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.pages import FENCE, PROJECT, pages
from trueup.sources import reference, registry
from trueup.sources.files.streams import FEED, STREAMS

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(PROJECT)))
def test_links_lead_somewhere(page: Path):
    for target in LINK.findall(FENCE.sub("", page.read_text("utf-8"))):
        if "://" in target:
            continue
        file, _, anchor = target.partition("#")
        path = (page.parent / file) if file else page
        assert path.exists(), target
        if anchor:
            assert anchor in anchors(path), target


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^a-z0-9 _-]", "", one.lower()).replace(" ", "-") for one in headings}


def test_generated_parts_are_what_the_declarations_say():
    written = dict(reference.files(PROJECT / "docs"))
    assert {path.name for path in written} == {"files.md", "sources.md"}
    for path, text in written.items():
        assert path.read_text("utf-8") == text, f"{path.name} is out of date: `make docs`"


def test_every_source_has_its_section_and_table():
    text = (PROJECT / "docs" / "sources.md").read_text("utf-8")
    for name in registry.NAMES:
        assert f"\n## {name}\n" in text
        assert f"`make docs`: source {name} -->" in text


def test_every_column_of_a_file_has_a_meaning_and_no_meaning_is_left_over():
    columns = {
        f"{stream.name}.{column.name}": reference.meaning(stream, column)
        for stream in STREAMS
        for column in stream.columns
        if column is not FEED
    }
    assert all(columns.values())
    names = {name.partition(".")[2] for name in columns}
    left = [
        name
        for name in reference.MEANINGS
        if name not in columns and not (name.startswith("*.") and name[2:] in names)
    ]
    assert left == []
