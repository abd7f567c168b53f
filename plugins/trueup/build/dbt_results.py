"""What dbt's nodes came to, as its command writes it, and kept for the gate that judges the build.

Nodes and what they came to have the names of dbt's own artifacts; `declared` is what the project
says of a test.
"""

from __future__ import annotations

import json
import os
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

#: Of the last command, in its folder.
RESULTS = "run_results.json"
#: How dbt calls a node that did not come out well: `fail` a test, the others what cannot run.
FAILED = ("error", "fail", "runtime error")
#: The longest sentence of a test's comment that still reads on a phone.
MEANING_LENGTH = 160


@dataclass(frozen=True)
class DataTest:
    """What the project says of a data test: the table it is about, the columns where it names
    some, whether a failure holds (`error`) or warns (`warn`), what it means, where the runbook
    says more."""

    table: str
    columns: str
    severity: str
    meaning: str
    runbook: str


@dataclass(frozen=True)
class Node:
    """One model or test of a dbt run. `seconds` is its own execution time, `failures` the rows a
    test found; a test that did not pass has its `sql`. `selector` is what dbt finds it by."""

    name: str
    kind: str
    status: str
    seconds: float
    message: str
    failures: int = 0
    sql: str = ""
    selector: str = ""
    test: DataTest | None = None

    @property
    def is_failed(self) -> bool:
        return self.status in FAILED

    @property
    def is_broken_model(self) -> bool:
        return self.is_failed and self.kind != "test"


def write(target: Path, results: Sequence[Mapping[str, Any]]) -> None:
    (target / RESULTS).write_text(json.dumps({"results": results}), encoding="utf-8")


def read(target: Path) -> list[Node]:
    """The nodes of the last command; none where dbt did not get there, or no further than the
    beginning of the file."""
    path = target / RESULTS
    if not path.exists():
        return []
    try:
        results = json.loads(path.read_text(encoding="utf-8"))["results"]
    except ValueError:
        return []
    return [_node(entry, entry.get("declared", {})) for entry in results]


def keep(target: Path, build_id: str, nodes: Iterable[Node]) -> None:
    """Note what the tests of a build came to."""
    content = {
        "build_id": build_id,
        "tests": [asdict(node) for node in nodes if node.kind == "test"],
    }
    path = target / "tests.json"
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(content, indent=1), encoding="utf-8")
    os.replace(partial, path)


def kept(target: Path, build_id: str) -> list[Node] | None:
    """The tests of that build; None where they were not noted."""
    try:
        content = json.loads((target / "tests.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    if content["build_id"] != build_id:
        return None
    return [
        Node(**{**entry, "test": DataTest(**entry["test"]) if entry["test"] else None})
        for entry in content["tests"]
    ]


def _node(entry: Mapping[str, Any], declared: Mapping[str, Any]) -> Node:
    kind, _, name = entry["unique_id"].split(".")[:3]
    generic = declared.get("test_metadata") or {}
    status = str(entry["status"])
    return Node(
        name=generic.get("name") or name,
        kind=kind,
        status=status,
        seconds=entry["execution_time"],
        message=" ".join(str(entry.get("message") or "").split())[:300],
        failures=int(entry.get("failures") or 0),
        sql=(entry.get("compiled_code") or "") if kind == "test" and status != "pass" else "",
        selector=name,
        test=_facts(declared) if kind == "test" else None,
    )


def _facts(declared: Mapping[str, Any]) -> DataTest:
    config = declared.get("config", {})
    generic = declared.get("test_metadata") or {}
    columns = declared.get("column_name") or generic.get("kwargs", {}).get("columns") or ""
    return DataTest(
        table=_table(declared),
        columns=columns if isinstance(columns, str) else ", ".join(columns),
        severity=str(config.get("severity", "error")).lower(),
        meaning=declared.get("description") or _comment(declared.get("raw_code", "")),
        runbook=config.get("meta", {}).get("runbook", ""),
    )


def _table(declared: Mapping[str, Any]) -> str:
    """The model the test is attached to, or the first mart it reads, or the first model."""
    nodes = [declared.get("attached_node"), *declared.get("depends_on", {}).get("nodes", ())]
    read = [str(unique_id) for unique_id in nodes if unique_id]
    names = [unique_id.split(".")[-1] for unique_id in read]
    if declared.get("attached_node"):
        return names[0]
    marts = [name for name in names if name.startswith(("fct_", "dim_"))]
    models = [name for one, name in zip(read, names, strict=True) if one.startswith("model.")]
    return next(iter(marts or models or names), "")


def _comment(code: str) -> str:
    """The first sentence of the comment a singular test begins with."""
    lines = code.splitlines()
    while lines and not lines[0].startswith("--"):
        lines.pop(0)
    words: list[str] = []
    while lines and lines[0].startswith("--"):
        words += lines.pop(0).removeprefix("--").split()
    text = re.sub(r"^Promise \d+\. ", "", " ".join(words))
    return textwrap.shorten(text.partition(". ")[0].rstrip("."), MEANING_LENGTH, placeholder=" …")
