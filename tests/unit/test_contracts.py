"""The shapes are written down once: staging's models and contracts are what they say."""

from __future__ import annotations

import pytest
import yaml

from built import PROJECT
from trueup.build import contracts, dbt
from trueup.sources import registry, shapes

DBT = PROJECT / "dbt_project"
STAGING = DBT / "models" / "staging"
NAMES = [one.name for one in (*shapes.SHAPES, shapes.SET_ASIDE)]


def provided() -> list[tuple[str, str]]:
    return [
        (source, name) for name, sources in registry.shape_sources().items() for source in sources
    ]


def test_what_is_committed_is_what_make_docs_writes():
    written = dict(contracts.files(DBT))
    assert {path: path.read_text("utf-8") for path in STAGING.glob("*/_*__shapes.yml")} == written


@pytest.mark.parametrize(("source", "name"), provided())
def test_a_source_has_a_model_for_every_shape_it_provides(source: str, name: str):
    assert (STAGING / source / f"stg_{source}__{name}.sql").is_file()


def test_a_model_named_like_a_shape_is_declared_as_one():
    named = {
        (path.parent.name, path.stem.rpartition("__")[2])
        for path in STAGING.glob("*/stg_*.sql")
        if path.stem.rpartition("__")[2] in NAMES
    }
    assert named == set(provided())


def test_every_shape_is_read_through_one_model():
    read = {path.stem for path in (DBT / "models" / "intermediate" / "shapes").glob("*.sql")}
    assert read == {f"shape_{name}" for name in NAMES}


def test_a_contract_holds_every_column_in_order():
    text = dict(contracts.files(DBT))[STAGING / "files" / "_files__shapes.yml"]
    orders = next(m for m in yaml.safe_load(text)["models"] if m["name"] == "stg_files__orders")
    assert orders["config"]["contract"] == {"enforced": True}
    assert [column["name"] for column in orders["columns"]] == [
        column.name for column in shapes.columns(shapes.shape("orders"))
    ]


def test_dbt_knows_which_sources_provide_a_shape():
    variables = dbt.variables()
    assert variables["shape_sources"]["rates"] == ["fx_rates"]
    assert list(variables["shape_columns"]["rates"])[:3] == ["source", "stream", "rate_date"]


def test_every_stream_is_read_by_staging():
    unread = {
        f"{name}.{stream.name}"
        for name in registry.NAMES
        for stream in registry.load(name).streams
        if not any(
            f'"{stream.name}' in path.read_text("utf-8") for path in STAGING.glob(f"{name}/*.sql")
        )
    }
    assert unread == set()


def test_only_shapes_read_staging():
    """A build leaves out the staging of sources a company lacks, and tests of what reads it."""
    folders = (DBT / "models" / "intermediate", DBT / "models" / "marts", DBT / "models" / "health",
               DBT / "tests")  # fmt: skip
    texts = {path: path.read_text("utf-8") for root in folders for path in root.rglob("*.sql")}
    assert len(texts) > 100
    assert [path.name for path, text in texts.items() if "stg_" in text] == []
