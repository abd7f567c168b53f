"""The chart of ROAS, claimed beside reconciled, of one campaign below the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import matplotlib.ticker

from trueup.reports.page import formats, svg
from trueup.reports.page.charts import Size, blank
from trueup.reports.page.rows_of_spend import Spent


def roas(campaigns: list[Spent]) -> Callable[[Size], Any]:
    """Of each campaign the ROAS its platform claims and the reconciled one, joined by a line. Each
    step of the axis is a factor: twice too much is as far at 2 as at 50."""

    def draw(size: Size) -> Any:
        is_wide = size.name == "wide"
        drawn, axes = blank(
            size, 25 * len(campaigns) + 34, left=250 if is_wide else 136, bottom=24,
            right=18,
        )  # fmt: skip
        for place, campaign in enumerate(campaigns):
            claimed, real = campaign.claimed_roas, campaign.drawn_roas
            if claimed and real and min(claimed, real) > 0:
                axes.plot(
                    [float(claimed), float(real)], [place, place], color=svg.colour("grid"),
                    linewidth=5, solid_capstyle="round", zorder=1,
                )  # fmt: skip
            for value, tone, mark in ((claimed, "claim", "D"), (real, "real", "o")):
                if value is not None and value > 0:
                    axes.plot(
                        [float(value)], [place], mark, color=svg.colour(tone), zorder=3,
                        markersize=8 if mark == "o" else 6.5, markeredgewidth=0,
                    )  # fmt: skip
                elif value is not None:  # no logarithm: a ring at the edge
                    axes.plot(
                        [_roas_limits(campaigns)[0]], [place], mark, color="none", zorder=3,
                        markersize=8 if mark == "o" else 6.5, markeredgewidth=1.6,
                        markeredgecolor=svg.colour(tone), clip_on=False,
                    )  # fmt: skip
        names = _names(campaigns, 36 if is_wide else 19)
        axes.set_yticks(range(len(campaigns)), names)
        axes.set_ylim(len(campaigns) - 0.4, -0.6)
        axes.set_xscale("log")
        axes.set_xlim(*_roas_limits(campaigns))
        axes.axvline(1, color=svg.colour("muted"), linewidth=1, linestyle=(0, (2, 2)))
        axes.xaxis.set_major_locator(
            matplotlib.ticker.LogLocator(subs=(1, 2, 5) if is_wide else (1, 3))
        )
        axes.xaxis.set_minor_locator(matplotlib.ticker.NullLocator())
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
        axes.grid(axis="x", color=svg.colour("grid"), linewidth=0.8)
        return drawn

    return draw


def has_nothing(campaigns: list[Spent]) -> bool:
    """Whether one of them claims or brought nothing, which an axis of factors has no place for."""
    return any(one.claimed_roas == 0 or one.drawn_roas == 0 for one in campaigns)


def _names(campaigns: list[Spent], most: int) -> list[str]:
    """Each as it fits; with the platform where two are called alike."""
    named = [formats.plain(one.name, most) for one in campaigns]
    return [
        name
        if named.count(name) == 1
        else f"{formats.plain(one.name, most - 9)} {formats.plain(one.group, 8)}"
        for name, one in zip(named, campaigns, strict=True)
    ]


def _roas_limits(campaigns: list[Spent]) -> tuple[float, float]:
    """A little more than what is shown, and always the line where spend came back once."""
    shown = [1.0]
    for one in campaigns:
        shown += [float(x) for x in (one.claimed_roas, one.drawn_roas) if x and x > 0]
    return min(shown) / 1.3, max(shown) * 1.3
