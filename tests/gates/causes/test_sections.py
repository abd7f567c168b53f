"""The runbook knows every cause: a section of its name, with the query that confirms it.

That the queries run on a build is tested with all others (tests/gates/test_runbook.py).
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from trueup.gates.causes.families import BY_NAME
from trueup.gates.causes.words import SIGNALS

PROJECT = Path(__file__).parents[3]
TEXT = (PROJECT / "docs" / "runbook.md").read_text("utf-8")
SECTIONS = {
    re.sub(r"[^a-z0-9-]", "", heading.lower().replace(" ", "-")): " ".join(body.split())
    for heading, body in re.findall(r"^#{2,3} (.+?)\n(.*?)(?=^#{2,3} |\Z)", TEXT, re.DOTALL | re.M)
}


@pytest.mark.parametrize("name", BY_NAME)
def test_a_family_has_its_section_and_one_query(name: str):
    family = BY_NAME[name]
    page, _, anchor = family.runbook.partition("#")
    assert page == "docs/runbook.md"
    section = SECTIONS[anchor]
    assert section.count("```sql") == 1 and f"```sql {family.confirm}; ```" in section
    for part in ("**Means**", "**Look**", "**Do**", "**Over**"):
        assert part in section


def test_families_speak_of_signals_that_have_words():
    named = {
        move.signal
        for family in BY_NAME.values()
        for move in (*family.also, *family.normal, *(x for one in family.keys for x in one))
    }
    assert {name for name in named if name[0] not in "(*"} <= SIGNALS.keys()
