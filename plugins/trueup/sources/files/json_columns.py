"""The columns of a JSON file in the types that lose nothing of what the file says."""

from __future__ import annotations

from pathlib import Path

import duckdb

#: A format no date has, so that dates stay text: DuckDB would take 03-04-2021 for April. Every row
#: is looked at, as an id may be a number in all but the last.
PLAIN = "dateformat = 'text', timestampformat = 'text', sample_size = -1"
#: By DuckDB's type of a column, what says that its values are text: more digits than a double
#: holds, which would make one id of many; numbers beside text, which would keep its quotes.
IS_TEXT = {
    "DOUBLE": r"bool_or(regexp_full_match({column}::varchar, '-?\d{{16,}}'))",
    "JSON": "bool_and(json_type({column}) not in ('OBJECT', 'ARRAY'))",
}


def reader(con: duckdb.DuckDBPyConnection, file: Path) -> str:
    """The table function that reads `file`, whose path it takes as its parameter."""
    described = con.execute(f"describe from read_json_auto(?, {PLAIN})", [str(file)]).fetchall()
    types = {str(name): str(kind) for name, kind, *_ in described}
    texts = _texts(con, file, {name: kind for name, kind in types.items() if kind in IS_TEXT})
    if not texts:
        return f"read_json_auto(?, {PLAIN})"
    return _as(types | dict.fromkeys(texts, "VARCHAR"))


def _texts(con: duckdb.DuckDBPyConnection, file: Path, types: dict[str, str]) -> list[str]:
    """Those of the columns that are text, by what stands in the file."""
    if not types:
        return []
    asked = ", ".join(
        IS_TEXT[kind].format(column='"' + name.replace('"', '""') + '"')
        for name, kind in types.items()
    )
    raw = _as(dict.fromkeys(types, "JSON"))
    found = con.execute(f"select {asked} from {raw}", [str(file)]).fetchone() or ()
    return [name for name, is_text in zip(types, found, strict=True) if is_text]


def _as(types: dict[str, str]) -> str:
    columns = ", ".join(f"{_quoted(name)}: {_quoted(kind)}" for name, kind in types.items())
    return f"read_json(?, {PLAIN}, columns = {{{columns}}})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
