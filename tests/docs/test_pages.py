"""Pages agree with the code they speak of, and their links lead somewhere."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from docs.pages import FENCE, PROJECT, named, pages
from trueup.build import mart_pages
from trueup.company import company_file, full_check
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


def test_the_tables_of_the_marts_are_what_their_contracts_say():
    ((path, text),) = mart_pages.files(PROJECT / "docs", PROJECT / "dbt_project")
    assert path.read_text("utf-8") == text, f"{path.name} is out of date: `make docs`"
    for name in ("marts.fct_ledger_entries", "health.fct_tracking_signals"):
        assert f"\n### {name}\n" in text


def test_every_published_table_and_column_has_a_meaning():
    for table, meanings in mart_pages.comments(PROJECT / "dbt_project").items():
        assert [column for column, meaning in meanings.items() if not meaning] == [], table


@pytest.mark.parametrize("name", [one for one in registry.NAMES if one != "files"])
def test_a_vendors_page_names_its_secrets_options_and_both_commands(name: str):
    page, source = PROJECT / "docs" / "sources" / f"{name}.md", registry.load(name)
    text = page.read_text("utf-8")
    shown = [f"`{option}`" in text or f"{option}: " in text for option in source.options]
    assert all(shown), dict(zip(source.options, shown, strict=True))
    secrets = [f"TRUEUP_SECRET_{name}_{role}".upper() for role in source.secrets]
    assert [secret for secret in secrets if secret not in text] == []
    assert f"`trueup --company FILE land {name}`" in text
    if source.has_personal_data({}, page.parent):
        assert "TRUEUP_SECRET_HASH_KEY" in text


def test_the_company_of_all_vendors_is_well_but_for_its_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in [name for name in os.environ if name.startswith("TRUEUP_SECRET_")]:
        monkeypatch.delenv(name)
    path = tmp_path / "company.yml"
    path.write_text(named(PROJECT / "docs" / "sources.md")["company.yml"], "utf-8")
    found = list(full_check.problems(path))
    assert [problem for problem in found if not problem.startswith("secret ")] == []
    vendors = {name for name in registry.NAMES if name != "files"}
    company = company_file.read(path)
    assert set(company.sources) == vendors
    assert len(found) == len(set(company.secret_names()))


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
