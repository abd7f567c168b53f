"""The commands that pages and messages tell people to type, as argument lists.

A page's commands are the lines of its `sh` blocks and its inline code that begins with `trueup`,
`make` or a program of the environment. In a table, a row that begins with a `trueup` command may
go on with verbs alone (`gate` for `trueup gate`). Capitals stand for what the reader fills in.
"""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from docs.pages import FENCE, PROJECT, blocks

PROGRAMS = ("trueup ", "make ", ".venv/bin/")
#: What a reader may fill in.
FILLED = {
    "LOAD": "20260915T060102123456-1f2e3d4c", "SOURCE": "shopify", "STREAM": "orders",
    "DAY": "2026-09-14", "SIGNAL": "event_capture", "NOW": "2026-09-15T06:00:00Z",
    "SQL": "select 1", "FILE": "company.yml", "{place.source}": "shopify",
    "CAUSE": "fct_spend / rows", "NAME": "ana", "WHO": "ana", "WHY": "seen", "...": "...",
}  # fmt: skip
OPTIONS_WITH_VALUES = ("--why", "--sql", "--release", "--day", "--stream")
#: What a shell would put in the place of `$(date ...)`.
SUBSTITUTED = re.compile(r"\$\(date [^)]*\)")


@dataclass(frozen=True)
class Command:
    """`is_mention` says that a sentence names a verb, rather than showing all of a command."""

    where: str
    text: str
    is_mention: bool = False

    def words(self, filled: Mapping[str, str] = FILLED) -> list[str]:
        """As the shell hands them to the program, with what the reader fills in."""
        text = SUBSTITUTED.sub(filled["NOW"], self.text)
        words = [filled.get(word, word) for word in shlex.split(text, comments=True)]
        if words[-1] in OPTIONS_WITH_VALUES:
            words.append("...")
        return words


def of_page(page: Path) -> list[Command]:
    where = str(page.relative_to(PROJECT))
    text = page.read_text("utf-8")
    return [*_typed(where, page), *_inline(where, FENCE.sub("", text))]


def _typed(where: str, page: Path) -> Iterator[Command]:
    for block in blocks(page):
        if block.language == "sh":
            for line in block.text.replace("\\\n", " ").splitlines():
                if line.strip() and not line.startswith("#"):
                    yield Command(where, line)


def _inline(where: str, text: str) -> Iterator[Command]:
    for paragraph in re.split(r"\n(?=\||\n)", text):
        codes = [" ".join(code.split()) for code in re.findall(r"`([^`]+)`", paragraph)]
        goes_on = paragraph.lstrip("\n").startswith("| `trueup ")
        for code in codes:
            if code.startswith(PROGRAMS):
                yield Command(where, code, is_mention=len(code.split()) == 2)
            elif goes_on and re.match(r"[a-z][a-z-]*( |$)", code):
                yield Command(where, f"trueup {code}", is_mention=" " not in code)


def of_messages() -> Iterator[Command]:
    """The commands that the program's own texts name."""
    for path in sorted((PROJECT / "plugins" / "trueup").rglob("*.py")):
        source = path.read_text("utf-8")
        for node in ast.walk(ast.parse(source)) if "`trueup " in source else ():
            for code in re.findall(r"`(trueup [a-z-][^`]*)`", _text(node)):
                text = " ".join(code.split())
                yield Command(path.name, text, is_mention=len(text.split()) == 2)


#: What an f-string fills in, by a word of its expression.
FILLS = {"stream": "STREAM", "load": "LOAD", "day": "DAY", "wanted": "DAY", "moment": "NOW"}


def _text(node: ast.AST) -> str:
    """The text of a literal; of an f-string, with SOURCE or its like for what it fills in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = (one.value if isinstance(one, ast.Constant) else _fill(one) for one in node.values)
        return "".join(str(part) for part in parts)
    return ""


def _fill(part: ast.expr) -> str:
    expression = ast.unparse(part).lower()
    return next((fill for word, fill in FILLS.items() if word in expression), "SOURCE")
