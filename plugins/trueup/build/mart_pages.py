"""The tables of docs/marts.md: what each mart holds, column by column, as its contract says; and
what each tracking signal counts, as the seed says that the models read.

What stands between the two markers `<!-- written by `make docs`: marts -->` and
`<!-- end of marts -->`, and between those of signals, is written anew by `make docs`; a test
compares.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from trueup.sources import shapes

PART = re.compile(
    r"(<!-- written by `make docs`: (marts|signals) -->\n).*?(<!-- end of \2 -->)", re.DOTALL
)
#: The folders of models whose tables are published, and the schema each is published in.
SCHEMAS = {"marts": "marts", "health": "health"}


def files(docs: Path, project: Path) -> Iterator[tuple[Path, str]]:
    """Path and text of the page of the marts, below the folder of pages."""
    page = docs / "marts.md"
    text = page.read_text(encoding="utf-8")
    tables = {"marts": "\n".join(_lines(project)), "signals": "\n".join(_signals(project))}
    yield page, PART.sub(lambda found: f"{found[1]}\n{tables[found[2]]}\n{found[3]}", text)


def _signals(project: Path) -> Iterator[str]:
    """The rows of a table: a signal, what it watches, and what is counted of what."""
    yield "| signal | kind | hop | counts | of |\n|---|---|---|---|---|"
    with (project / "seeds" / "signals.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            cells = (f"`{row['signal']}`", row["kind"], row["hop"], row["counted"], row["of_what"])
            yield f"| {' | '.join(cells)} |"
    yield ""


def _lines(project: Path) -> Iterator[str]:
    for folder, schema in SCHEMAS.items():
        for path in sorted((project / "models" / folder).rglob("*__models.yml")):
            for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]:
                yield from _table(schema, model)


def _table(schema: str, model: dict[str, Any]) -> Iterator[str]:
    yield f"### {schema}.{model['name']}\n\n{_sentence(model)}\n"
    yield "| column | type | meaning |\n|---|---|---|"
    for column in model["columns"]:
        text = _sentence(column) or _meaning_in_shapes(column["name"])
        yield f"| `{column['name']}` | {column['data_type']} | {text} |"
    yield ""


def _sentence(described: dict[str, Any]) -> str:
    return " ".join(described.get("description", "").split()).replace("|", "\\|")


def _meaning_in_shapes(name: str) -> str:
    """What a column that keeps its name from the shapes to the mart means there."""
    for shape in shapes.SHAPES:
        for column in shapes.columns(shape):
            if column.name == name:
                return f"{column.meaning[0].upper()}{column.meaning[1:]}."
    return ""
