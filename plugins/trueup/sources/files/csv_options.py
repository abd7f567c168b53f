"""How a feed may say a CSV file is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

#: The options of a feed's `reader`, which go by DuckDB's names for them.
OPTIONS = {
    "delim": ",", "quote": '"', "escape": '"', "header": True, "skip": 0, "comment": "",
    "encoding": "utf-8", "nullstr": "", "null_padding": False,
}  # fmt: skip
OTHER_NAMES = {"sep": "delim", "delimiter": "delim"}


def settings(options: Mapping[str, Any]) -> dict[str, Any]:
    """All options of a reader, with those a feed sets."""
    return OPTIONS | {OTHER_NAMES.get(name, name): value for name, value in options.items()}


def option_problems(options: Mapping[str, Any]) -> Iterator[str]:
    for name in options:
        if OTHER_NAMES.get(name, name) not in OPTIONS:
            yield f"{name}: unknown option (misspelt?); there are {', '.join(OPTIONS)}"
    chosen = settings(options)
    for name in ("delim", "quote", "escape", "comment"):
        text = str(chosen[name]).replace("\\t", "\t")
        if len(text) > 1 or (name == "delim" and not text):
            yield f"{name}: one character is wanted, not {text!r}"
    try:
        "".encode(str(chosen["encoding"]))
    except LookupError:
        yield f"encoding: {chosen['encoding']} is none of utf-8, utf-16, latin-1, cp1252 and others"
    if not isinstance(chosen["skip"], int) or chosen["skip"] < 0:
        yield "skip: a number of lines is wanted"
