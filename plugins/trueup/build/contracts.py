"""The contracts of the staging models, written from the shapes (sources/shapes/).

`make docs` writes `models/staging/<source>/_<source>__shapes.yml`; a test compares.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from trueup.sources import registry, shapes
from trueup.sources.shapes.column_types import INSTANT, TEXT
from trueup.sources.shapes.declaration import Shape, ShapeColumn

HEAD = "# Written by `make docs` from plugins/trueup/sources/shapes: not to be changed by hand.\n"
#: The types of the shapes as contracts name them, on DuckDB and on Spark alike.
PORTABLE = {TEXT: "string", INSTANT: "timestamptz"}
#: What the person on call reads where rows of a shape break its rules.
BROKEN = "Rows stand twice under one key, and count twice, or lack what every row has"


def files(project: Path) -> Iterator[tuple[Path, str]]:
    """Path and text of the contracts of every source's staging models, below a dbt project."""
    provided = registry.shape_sources()
    for source in registry.NAMES:
        models = [name for name, sources in provided.items() if source in sources]
        if models:
            path = project / "models" / "staging" / source / f"_{source}__shapes.yml"
            text = "\n".join(_model(source, shapes.shape(name)) for name in models)
            yield path, f"{HEAD}version: 2\n\nmodels:\n{text}"


def _model(source: str, shape: Shape) -> str:
    columns = shapes.columns(shape)
    lines = [
        f"  - name: stg_{source}__{shape.name}",
        f"    description: {json.dumps(shape.meaning)}",
        "    config:",
        "      contract: {enforced: true}",
        "    data_tests:",
        "      - rows_of_shape:",
        f"          name: rows_of_stg_{source}__{shape.name}",
        f"          description: {json.dumps(BROKEN)}",
        "          arguments:",
        *_list("key", _key(shape)),
        *_list("required", tuple(column.name for column in columns if column.required)),
    ]
    if shape.is_bulk:
        lines += [f"            changed_days_of: {source}"]
    if not shape.is_ledger:
        lines += ["          config: {severity: warn}"]
    return "\n".join([*lines, "    columns:", *map(_column, columns), ""])


def _key(shape: Shape) -> tuple[str, ...]:
    """What no two rows of a staging model share: of claims every load is there."""
    return (*shape.key, "_load_id") if shape.has_every_load else shape.key


def _list(name: str, values: tuple[str, ...]) -> list[str]:
    return [f"            {name}:", *(f"              - {value}" for value in values)]


def _column(column: ShapeColumn) -> str:
    meaning = json.dumps(column.meaning)
    kind = PORTABLE.get(column.type, column.type.lower())
    return f"      - name: {column.name}\n        data_type: {kind}\n        description: {meaning}"
