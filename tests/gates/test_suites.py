"""Every suite is complete: it watches something that exists and says whom to wake and why."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from gates import suites
from gates.suites import Expectation
from trueup.sources import registry, shapes

PROJECT = Path(__file__).parents[2]
RUNBOOK = PROJECT / "docs" / "runbook.md"
LAYERS = ("landing", "mart")
EVERY = [one for layer in LAYERS for one in suites.read(layer)]
#: The parties a message can go to.
OWNERS = {"data", "marketing", "sales"}


def id_of(expectation: Expectation) -> str:
    return f"{expectation.suite}: {expectation.why or expectation.type}"


@pytest.mark.parametrize("layer", LAYERS)
def test_a_suite_bears_the_name_of_its_file_and_expects_something(layer: str):
    for name in suites.names(layer):
        content = yaml.safe_load(suites.path(layer, name).read_text("utf-8"))
        assert set(content) == {"name", "expectations"}, name
        assert content["name"] == name
        assert content["expectations"], name


def test_every_declared_stream_has_a_suite_and_every_landing_suite_a_stream():
    declared = {
        f"{source.name}__{s.name}" for source in registry.load_all() for s in source.streams
    }
    assert set(suites.names("landing")) == declared


def test_every_stream_says_what_its_rows_become():
    """Of a witness too much set aside warns, of the ledger it holds; without a shape it holds."""
    silent = [
        f"{source.name}.{stream.name}"
        for source in registry.load_all()
        for stream in source.streams
        if stream.shape not in {shape.name for shape in shapes.SHAPES}
    ]
    assert silent == []


def test_every_mart_suite_watches_a_model():
    models = {
        path.stem
        for folder in ("marts", "health")
        for path in (PROJECT / "dbt_project" / "models" / folder).rglob("*.sql")
    }
    assert set(suites.names("mart")) <= models


@pytest.mark.parametrize("expectation", EVERY, ids=id_of)
def test_an_expectation_says_how_bad_it_is_why_and_whose(expectation: Expectation):
    assert expectation.severity in {"critical", "warning"}
    assert set(expectation.meta) == {"why", "owner", "runbook"}
    assert expectation.meta["owner"] in OWNERS
    assert 20 <= len(expectation.why) <= 100


def test_a_check_can_be_distinguished_from_every_other_by_its_result():
    repeated = [name for name, count in Counter(one.name for one in EVERY).items() if count > 1]
    assert repeated == []


def test_the_runbook_has_a_section_for_every_reference_and_no_other():
    """Of expectations, dbt's tests, intake's rules, tasks that fail: whatever is a message."""
    headings = re.findall(r"^## (.+)$", RUNBOOK.read_text("utf-8"), re.MULTILINE)
    anchors = [heading.lower().replace(" ", "-") for heading in headings]
    assert len(anchors) == len(set(anchors))
    texts = [
        path.read_text("utf-8")
        for folder, ending in (
            ("plugins/trueup", "py"),
            ("dbt_project", "sql"),
            ("dbt_project", "yml"),
        )
        for path in (PROJECT / folder).rglob(f"*.{ending}")
    ]
    referred = {one.meta["runbook"] for one in EVERY}
    referred |= set(re.findall(r"docs/runbook\.md#[a-z0-9-]+", "\n".join(texts)))
    assert {f"docs/runbook.md#{anchor}" for anchor in anchors if anchor not in GENERAL} == referred


#: Sections no finding names.
GENERAL = {"build-file-in-use", "first-look", "full-disk", "how-to"}
