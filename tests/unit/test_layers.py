"""Arrows point one way: extraction knows no orchestrator, and one room alone imports Airflow."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

TRUEUP = Path(__file__).parents[2] / "plugins" / "trueup"
MODULES = sorted(TRUEUP.rglob("*.py"))
#: What a source may import besides the standard library and its own siblings.
FOR_SOURCES = {"dlt", "duckdb", "pyarrow", "fsspec", "requests", "urllib3", "jwt", "trueup"}
FOR_SOURCES |= {"google", "grpc", "numpy"}  # Arrow over protobuf, which one vendor speaks
#: trueup's own modules a source may know.
KNOWN_TO_SOURCES = ("trueup.errors", "trueup.settings", "trueup.sources", "trueup.window")
KNOWN_TO_SOURCES += ("trueup.redaction", "trueup.scratch")
#: What says that a value is not of its column's type.
KNOWN_TO_SOURCES += ("trueup.landing.typed.ColumnProblem",)


def imports(path: Path) -> set[str]:
    """The dotted names a module imports, wherever in the file it does."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_there_are_modules_to_look_at():
    assert len(MODULES) > 40


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(TRUEUP)))
def test_airflow_dbt_and_gx_are_imported_in_one_place_each(path: Path):
    packages = {name.split(".")[0] for name in imports(path)}
    if path.parent.name != "orchestration":
        assert "airflow" not in packages
    if path.name not in ("suites.py", "gx_duckdb.py"):
        assert "great_expectations" not in packages
    # dbt.py runs it in a process of its own, which finds what models call by its adapter's rules.
    assert "dbt" not in packages or path.name in ("dbt_command.py", "dbt_functions.py")
    assert "sandbox" not in packages


@pytest.mark.parametrize(
    "path",
    sorted((TRUEUP / "sources").rglob("*.py")),
    ids=lambda path: path.parent.name + path.stem,
)
def test_extraction_knows_vendors_and_streams_and_nothing_else(path: Path):
    outside = {name.split(".")[0] for name in imports(path)} - set(sys.stdlib_module_names)
    assert outside <= FOR_SOURCES
    ours = [name for name in imports(path) if name.startswith("trueup.")]
    assert [name for name in ours if not name.startswith(KNOWN_TO_SOURCES)] == []
