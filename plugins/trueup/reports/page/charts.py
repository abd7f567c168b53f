"""The page's charts. Each is drawn twice, for a wide page and for a phone's, of the same figures:
what is drawn for a screen is unreadable at a third of its size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import matplotlib
import matplotlib.ticker

from trueup.reports.page import formats, svg
from trueup.reports.page.figures import Gap, OverTime

#: Lines of more platforms cannot be told apart; the table below has all.
MOST_LINES = 6
#: A cause below this share of the claim is drawn with the other small ones.
SMALL_CAUSE = Decimal("0.01")
DASHES = ("solid", (0, (5, 2)), (0, (1.5, 1.5)), (0, (7, 2, 1.5, 2)), (0, (3, 3)), (0, (9, 3)))


@dataclass(frozen=True)
class Size:
    """For which page a chart is drawn, in units of its view box."""

    name: str
    width: float
    text: float


SIZES = (Size("wide", 940, 12.5), Size("narrow", 350, 11.5))


def both(name: str, title: str, described: str, draw: Callable[[Size], Any]) -> str:
    """The chart for each page; the style shows one."""
    with matplotlib.rc_context(svg.SETTINGS):
        return "".join(
            svg.inline(draw(size), f"{name}-{size.name}", title, described) for size in SIZES
        )


def over_time(shown: OverTime) -> Callable[[Size], Any]:
    """What came in as the strong line, claims of platforms as thin ones."""

    def draw(size: Size) -> Any:
        height = 330 if size.name == "wide" else 270
        drawn, axes = blank(size, height, left=52 if size.name == "wide" else 42, bottom=26)
        places = range(len(shown.starts))
        for number, line in reversed(list(enumerate(shown.claims[:MOST_LINES]))):
            axes.plot(
                places, _floats(line.values), color=svg.colour(f"line{number + 1}"),
                linewidth=1.7, linestyle=DASHES[number], solid_capstyle="round",
                marker="o" if len(shown.starts) < 3 else None, markersize=4,
            )  # fmt: skip
        axes.plot(
            places, _floats(shown.came_in.values), color=svg.colour("real"), linewidth=2.8,
            solid_capstyle="round", marker="o" if len(shown.starts) < 3 else None, markersize=5,
        )  # fmt: skip
        _not_settled(axes, shown, size)
        low, high = axes.get_ylim()
        axes.set_ylim(low if low < -1 else 0.0, max(high * 1.08, 1.0))
        axes.set_xlim(-0.5, max(len(shown.starts) - 0.5, 0.5))
        _dates(axes, shown, 4 if size.name == "narrow" else 10)
        axes.yaxis.set_major_locator(matplotlib.ticker.MaxNLocator(5, integer=True))
        axes.yaxis.set_major_formatter(lambda value, _: formats.compact(value))
        axes.grid(axis="y", color=svg.colour("grid"), linewidth=1)
        return drawn

    return draw


def waterfall(gap: Gap, scale: tuple[float, float] | None = None) -> Callable[[Size], Any]:
    """From what is reconciled, cause by cause, to what is claimed, read from top to bottom; on the
    `scale` of all platforms, so that their bars compare."""
    steps = waterfall_steps(gap)

    def draw(size: Size) -> Any:
        is_wide = size.name == "wide"
        pitch = 27
        drawn, axes = blank(
            size, pitch * (len(steps) + 2) + 14, left=190 if is_wide else 118, bottom=8,
            right=92 if is_wide else 66,
        )  # fmt: skip
        running = 0.0
        ends: list[float] = []
        bars = [("reconciled", gap.reconciled, "real"), *steps, ("claimed", gap.claimed, "claim")]
        for place, (_, value, tone) in enumerate(bars):
            is_end = tone in ("real", "claim")
            start = 0.0 if is_end else running
            running = float(value) if is_end else running + float(value)
            axes.barh(
                place, running - start, left=start, height=0.62, color=svg.colour(tone),
                linewidth=0,
            )  # fmt: skip
            ends += [start, running]
            sign = "+" if not is_end and value > 0 else ""
            axes.annotate(
                sign + formats.amount(value), (max(start, running), place), xytext=(5, 0),
                textcoords="offset points", va="center", fontsize=size.text,
                color=svg.colour("ink" if is_end else "muted"),
            )  # fmt: skip
            if place + 1 < len(bars):
                axes.plot(
                    [running, running], [place + 0.31, place + 1 - 0.31],
                    color=svg.colour("muted"), linewidth=0.8,
                )  # fmt: skip
        low, high = scale or (min(ends), max(ends))
        axes.set_xlim(low, high if high > low else low + 1)
        axes.set_ylim(len(bars) - 0.4, -0.6)
        axes.set_yticks(range(len(bars)), [formats.words(name) for name, *_ in bars])
        axes.set_xticks([])
        axes.axvline(0, color=svg.colour("grid"), linewidth=1)
        return drawn

    return draw


def scale_of(gaps: Sequence[Gap]) -> tuple[float, float]:
    """The least and the most that any of the waterfalls reaches."""
    ends = [0.0]
    for gap in gaps:
        running = float(gap.reconciled)
        ends += [running, float(gap.claimed)]
        for _, value, _ in waterfall_steps(gap):
            running += float(value)
            ends.append(running)
    return min(ends), max(ends)


def waterfall_steps(gap: Gap) -> list[tuple[str, Decimal, str]]:
    """The causes that are drawn, with the colour of each; small ones as one."""
    least = abs(gap.claimed or gap.reconciled) * SMALL_CAUSE
    drawn: list[tuple[str, Decimal, str]] = []
    small = Decimal(0)
    last: list[tuple[str, Decimal, str]] = []
    for name, value in gap.causes:
        if name == "unexplained":
            last = [(name, value, "rest")]
        elif abs(value) >= least and value:
            drawn.append((name, value, "over" if value > 0 else "under"))
        else:
            small += value
    if small:
        drawn.append(("other causes", small, "over" if small > 0 else "under"))
    return [*drawn, *last]


def blank(size: Size, height: float, left: float, bottom: float, right: float = 12) -> Any:
    """A chart and its axes, without frame, whose margins are in units."""
    drawn = svg.figure(size.width, height)
    top = 10
    axes = drawn.add_axes(
        (
            left / size.width, bottom / height,
            (size.width - left - right) / size.width, (height - top - bottom) / height,
        )
    )  # fmt: skip
    axes.patch.set_visible(False)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.tick_params(
        length=0, labelsize=size.text, labelcolor=svg.colour("ink"), pad=6,
    )  # fmt: skip
    axes.set_axisbelow(True)
    return drawn, axes


def _not_settled(axes: Any, shown: OverTime, size: Size) -> None:
    """A band over the steps that still move."""
    moving = [
        place
        for place, start in enumerate(shown.starts)
        if not shown.settled_through or _last_day(shown, place) > shown.settled_through
    ]
    if not moving or len(moving) == len(shown.starts):
        return
    axes.axvspan(
        moving[0] - 0.5, len(shown.starts) - 0.5, color=svg.colour("band"), linewidth=0, zorder=0
    )
    axes.annotate(
        "not settled", (len(shown.starts) - 0.5, 1), xycoords=("data", "axes fraction"),
        xytext=(-4, -4), textcoords="offset points", ha="right", va="top",
        fontsize=size.text - 1.5, color=svg.colour("muted"),
    )  # fmt: skip


def _last_day(shown: OverTime, place: int) -> date:
    """The last day of a step: the day before the next begins."""
    following = shown.starts[place + 1 : place + 2]
    return following[0] - timedelta(days=1) if following else shown.last


def _dates(axes: Any, shown: OverTime, most: int) -> None:
    every = max(1, -(-len(shown.starts) // most))
    places = list(range(0, len(shown.starts), every))
    form = "%b %Y" if shown.step == "month" else "%-d %b"
    labels = []
    for number, place in enumerate(places):
        start = shown.starts[place]
        is_new_year = number == 0 or start.year != shown.starts[places[number - 1]].year
        year = f"\n{start:%Y}" if is_new_year and shown.step != "month" else ""
        labels.append(f"{start:{form}}{year}")
    axes.set_xticks(places, labels)


def _floats(values: list[Decimal | None]) -> list[float]:
    return [float("nan") if value is None else float(value) for value in values]
