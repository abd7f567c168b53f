"""A vendor's name stands in its own rooms; a rule that is written down once is counted here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from trueup.sources import registry

PROJECT = Path(__file__).parents[2]
#: Vendors whose names may stand in their rooms alone; those to come too. `files` and `fx_rates`
#: are words, and GA4 is a column of the marts (`ga4_conversions`, `has_ga4_event`).
WORDS = {"files", "fx_rates", "ga4"}
TO_COME = {"cloudbeds", "awin", "gtm", "salesforce"}
VENDORS = sorted((set(registry.NAMES) - WORDS) | TO_COME)
#: What would read GA4's own tables, or single it out among sources; its name alone may stand
#: where a mart's column bears it.
GA4 = re.compile(r"\b(raw|stg)_ga4|['\"]ga4['\"]|\bsource: ga4\b")
#: Where code lives that every source passes through.
SHARED = (
    "plugins", "dags", "dbt_project/models", "dbt_project/macros", "dbt_project/tests",
    "dbt_project/seeds", "expectations/mart",
)  # fmt: skip
#: The one line that names every vendor.
REGISTRY = Path("plugins/trueup/sources/registry.py")


#: Fields of GA4's own schema are called after Google's ads; links and pages after who made them.
NAMED_BY_ANOTHER = {
    "google_ads": ("plugins/trueup/sources/ga4/", "dbt_project/models/staging/ga4/",
                   "dbt_project/seeds/referrers.csv"),
    "shopify": ("dbt_project/seeds/referrers.csv",),
    "hubspot": ("dbt_project/seeds/link_parameters.csv",),
    "awin": ("dbt_project/seeds/link_parameters.csv",),
}  # fmt: skip


def rooms(vendor: str) -> tuple[str, ...]:
    return (
        f"plugins/trueup/sources/{vendor}/",
        f"plugins/trueup/sources/{vendor}.py",
        f"dbt_project/models/staging/{vendor}/",
        f"expectations/landing/{vendor}__",
        *NAMED_BY_ANOTHER.get(vendor, ()),
    )


def shared_files() -> Iterator[tuple[Path, str]]:
    """Every text of the shared rooms, with its path below the project."""
    for folder in SHARED:
        for path in sorted((PROJECT / folder).rglob("*")):
            if path.suffix in (".py", ".sql", ".yml", ".yaml", ".csv"):
                yield path.relative_to(PROJECT), path.read_text("utf-8")


FILES = dict(shared_files())


def spellings(vendor: str) -> re.Pattern[str]:
    """google_ads, googleAds, google-ads, Google Ads; not `google` alone, which links name."""
    return re.compile(r"[ _-]?".join(map(re.escape, vendor.split("_"))), re.IGNORECASE)


def places(pattern: re.Pattern[str], own: tuple[str, ...]) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()[:80]}"
        for path, text in FILES.items()
        if path != REGISTRY and not str(path).startswith(own)
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_there_are_files_to_look_at():
    kinds = Counter(path.suffix for path in FILES)
    assert kinds[".py"] > 60 and kinds[".sql"] > 60 and kinds[".yml"] > 20


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_vendor_is_named_in_its_own_rooms_alone(vendor: str):
    found = places(spellings(vendor), rooms(vendor))
    assert not found, "\n".join(found)


def test_ga4_is_a_column_elsewhere_and_never_a_source():
    found = places(GA4, rooms("ga4"))
    assert not found, "\n".join(found)


def test_the_registry_names_each_source_once():
    text = (PROJECT / REGISTRY).read_text("utf-8")
    assert {name: text.count(f'"{name}"') for name in registry.NAMES} == dict.fromkeys(
        registry.NAMES, 1
    )


def test_dag_files_hold_no_sql_and_no_helpers():
    for path in (PROJECT / "dags").glob("*.py"):
        text = path.read_text("utf-8")
        assert not re.search(r"\bselect\b.+\bfrom\b", text, re.IGNORECASE), path.name
        assert not re.search(r"^(async )?def _", text, re.MULTILINE), path.name


@pytest.mark.parametrize("folder", ["utils", "helpers", "common", "core", "config", "include"])
def test_no_folder_or_module_is_called_what_says_nothing(folder: str):
    for root in ("plugins", "dags", "tests", "dbt_project/models", "dbt_project/macros"):
        assert [p for p in (PROJECT / root).rglob("*") if p.stem == folder] == []


#: Numbers with a name, and how the code spells them: each has one place.
ONCE = {
    "days an exchange rate is carried": r"(?i)carried_days\b.*=\s*\d|between 1 and 5 days",
    "version of Meta's API": r"\bv26\.0\b",
    "version of Google's API": r"[\"'/]v26\b(?!\.)",
}


@pytest.mark.parametrize("name", ONCE)
def test_a_constant_is_written_once(name: str):
    pattern = re.compile(ONCE[name])
    python = (path for path in (PROJECT / "plugins").rglob("*.py"))
    found = [
        f"{path.relative_to(PROJECT)}:{number}"
        for path in python
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if pattern.search(line) and not line.lstrip().startswith(("#", '"""'))
    ]
    assert len(found) <= 1, found
