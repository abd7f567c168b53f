"""The report: measures against their bars, as Markdown that also reads well in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """One line of the report. `is_met` is None where no bar is set."""

    name: str
    value: str
    bar: str = ""
    is_met: bool | None = None

    @property
    def verdict(self) -> str:
        return {None: "", True: "met", False: "MISSED"}[self.is_met]


def at_most(name: str, value: str, ratio: float, bar: float) -> Measure:
    return Measure(name, value, f"<= {bar:g}", ratio <= bar)


def at_least(name: str, value: str, reached: float, bar: float) -> Measure:
    return Measure(name, value, f">= {bar:,g}", reached >= bar)


def report(title: str, machine: str, sections: Sequence[tuple[str, Sequence[Measure]]]) -> str:
    """One table; each section's name is a line of its own."""
    rows = [("measure", "value", "bar", "")]
    for name, measures in sections:
        rows.append((f"**{name}**", "", "", ""))
        rows += [(m.name, m.value, m.bar, m.verdict) for m in measures]
    return f"# {title}\n\n{machine}\n\n{_aligned(rows)}\n"


def _aligned(rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(3, *(len(row[i]) for row in rows)) for i in range(len(rows[0]))]
    head, *body = (
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    )
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([head, rule, *body])


def share(part: float, whole: float) -> str:
    """`97.1 %`, or a dash where there is nothing to take a share of."""
    return f"{part / whole:.1%}".replace("%", " %") if whole else "-"
