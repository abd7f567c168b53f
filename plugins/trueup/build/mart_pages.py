"""What each mart holds, column by column, as its contract says: in docs/marts.md, and as comments
in the published file; and what each tracking signal counts, as the seed says that models read.

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
    yield "| signal | kind | worse | hop | counts | of |\n|---|---|---|---|---|---|"
    with (project / "seeds" / "signals.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            texts = (row[name] for name in ("kind", "worse", "hop", "counted", "of_what"))
            cells = (f"`{row['signal']}`", *texts)
            yield f"| {' | '.join(cells)} |"
    yield ""


def comments(project: Path) -> dict[str, dict[str, str]]:
    """What the models say of each published table and its columns: by `schema.table`, the meaning
    of every column by its name, and the table's own under the empty name."""
    return {
        f"{schema}.{model['name']}": {
            "": _sentence(model),
            **{column["name"]: _meaning(column) for column in model["columns"]},
        }
        for schema, model in _models(project)
    }


def _models(project: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every model that is published, with the schema it is published in."""
    for folder, schema in SCHEMAS.items():
        for path in sorted((project / "models" / folder).rglob("*__models.yml")):
            for model in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)["models"]:
                yield schema, model


def _lines(project: Path) -> Iterator[str]:
    for schema, model in _models(project):
        yield f"### {schema}.{model['name']}\n\n{_cell(_sentence(model))}\n"
        yield "| column | type | meaning |\n|---|---|---|"
        for column in model["columns"]:
            yield f"| `{column['name']}` | {column['data_type']} | {_cell(_meaning(column))} |"
        yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _meaning(column: dict[str, Any]) -> str:
    return _sentence(column) or _meaning_in_shapes(column["name"])


def _sentence(described: dict[str, Any]) -> str:
    return " ".join(described.get("description", "").split())


def _meaning_in_shapes(name: str) -> str:
    """What a column that keeps its name from the shapes to the mart means there."""
    for shape in shapes.SHAPES:
        for column in shapes.columns(shape):
            if column.name == name:
                return f"{column.meaning[0].upper()}{column.meaning[1:]}."
    return ""
