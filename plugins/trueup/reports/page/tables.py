"""Tables and other pieces of HTML. Whoever calls escapes nothing: cells are text until here, and
what is HTML already is `Html`."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Html:
    """Text that is HTML already, made by this room and by nobody else. Its cell of a table may have
    a `look`, and a shade from 0 to 100."""

    code: str
    look: str = ""
    level: int | None = None


@dataclass(frozen=True)
class Column:
    """A column's heading, and whether it holds figures, which stand to the right."""

    heading: str
    is_figure: bool = True
    title: str = ""


Cell = str | Html
#: Columns that a phone shows side by side: such a table is not said to scroll.
MOST_THAT_FIT = 5


def table(
    caption: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *,
    stacks: bool = False, is_wide: bool = False,
) -> str:  # fmt: skip
    """A table that scrolls sideways by itself where a phone is too narrow; its first column is
    the row's heading. One of sentences `stacks` there: a cell below the other. One of many columns
    `is_wide`: narrow cells, and its first column stays in sight."""
    head = "".join(
        f'<th scope="col"{_class(column)}{_title(column)}>{html.escape(column.heading)}</th>'
        for column in columns
    )
    body = "".join(f"<tr>{_cells(columns, row)}</tr>" for row in rows)
    kinds = ["stacks"] if stacks else ["wide"] if is_wide else []
    kinds += ["fits"] if len(columns) <= MOST_THAT_FIT else []
    kind = f' class="{" ".join(kinds)}"' if kinds else ""
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{html.escape(caption)}">'
        f"<table{kind}><caption>{html.escape(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cells(columns: Sequence[Column], row: Sequence[Cell]) -> str:
    first, *others = row
    start = f'<th scope="row"{_class(columns[0])}>{_code(first)}</th>'
    rest = zip(columns[1:], others, strict=True)
    return start + "".join(
        f"<td{_class(column, cell)}{_shade(cell)}"
        f' data-label="{html.escape(column.heading)}">{_code(cell)}</td>'
        for column, cell in rest
    )


def details(summary: str, inside: str) -> str:
    return f"<details><summary>{html.escape(summary)}</summary>{inside}</details>"


def note(text: str) -> str:
    return f'<p class="note">{html.escape(text)}</p>'


def section(name: str, title: str, inside: Iterable[str]) -> str:
    return (
        f'<section id="{name}" aria-labelledby="{name}-heading">'
        f'<h2 id="{name}-heading">{html.escape(title)}</h2>{"".join(inside)}</section>'
    )


def legend(entries: Iterable[tuple[str, str, str]]) -> str:
    """What marks mean: name, colour of the page, and the kind of mark (line, bar, dot...)."""
    items = "".join(
        f'<li><span class="mark {kind}" style="--mark:var(--{tone})"></span>'
        f"{html.escape(name)}</li>"
        for name, tone, kind in entries
    )
    return f'<ul class="legend">{items}</ul>'


def meter(share: float, said: str) -> Html:
    """A small bar beside a share; the figure says the same."""
    width = min(max(share, 0.0), 1.0) * 100
    return Html(
        f'<span class="meter" aria-hidden="true"><span style="width:{width:.0f}%"></span></span>'
        f"{html.escape(said)}"
    )


def tag(text: str, tone: str) -> Html:
    return Html(f'<span class="tag {tone}">{html.escape(text)}</span>')


def joined(*cells: Cell) -> Html:
    return Html("".join(_code(cell) for cell in cells))


def _code(cell: Cell) -> str:
    return cell.code if isinstance(cell, Html) else html.escape(cell)


def _class(column: Column, cell: Cell = "") -> str:
    kinds = ["figure"] if column.is_figure else []
    kinds += [cell.look] if isinstance(cell, Html) and cell.look else []
    return f' class="{" ".join(kinds)}"' if kinds else ""


def _shade(cell: Cell) -> str:
    if isinstance(cell, Html) and cell.level is not None:
        return f' style="--level:{cell.level}"'
    return ""


def _title(column: Column) -> str:
    return f' title="{html.escape(column.title)}"' if column.title else ""
