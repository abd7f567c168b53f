"""Charts of customers and leads: how soon a channel's cost comes back, and what became of leads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import matplotlib.ticker

from trueup.reports.page import formats, svg
from trueup.reports.page.charts import DASHES, Size, blank
from trueup.reports.page.cohorts import Channel
from trueup.reports.page.leads import Outcome


def can_be_drawn(channel: Channel) -> bool:
    """What has come back at some age: the axis goes by factors, which nothing is not one of."""
    return any((one.came_back or 0) > 0 for one in channel.ages)


def came_back(channels: Sequence[Channel]) -> Callable[[Size], Any]:
    """Margin per cost of each channel by age, and the line at which it is paid back."""

    def draw(size: Size) -> Any:
        is_wide = size.name == "wide"
        drawn, axes = blank(size, 290 if is_wide else 250, left=42, bottom=42)
        shown = [0.5, 2.0]  # the axis has figures beside 1, however near to it all are
        for number, channel in enumerate(channels):
            ratios = [one.came_back or 0 for one in channel.ages]
            values = [float(ratio) if ratio > 0 else float("nan") for ratio in ratios]
            shown += [value for value in values if value == value]
            axes.plot(
                range(1, len(values) + 1), values, color=svg.colour(f"line{number + 1}"),
                linewidth=2, linestyle=DASHES[number], solid_capstyle="round", marker="o",
                markersize=4,
            )  # fmt: skip
        axes.axhline(1, color=svg.colour("muted"), linewidth=1.2, linestyle=(0, (2, 2)))
        axes.set_yscale("log")
        axes.set_ylim(min(shown) / 1.25, max(shown) * 1.25)
        axes.yaxis.set_major_locator(matplotlib.ticker.LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_minor_locator(matplotlib.ticker.NullLocator())
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
        ages = range(1, max(len(channel.ages) for channel in channels) + 1)
        axes.set_xticks(list(ages), [f"{30 * age}" for age in ages])
        axes.set_xlabel(
            "days since the first purchase", fontsize=size.text, color=svg.colour("muted")
        )
        axes.grid(axis="y", color=svg.colour("grid"), linewidth=0.8)
        return drawn

    return draw


def outcomes(found: Sequence[Outcome]) -> Callable[[Size], Any]:
    """Of each group the share that was won, that became a deal, and that became nothing."""

    def draw(size: Size) -> Any:
        is_wide = size.name == "wide"
        drawn, axes = blank(
            size, 26 * len(found) + 16, left=190 if is_wide else 118, bottom=6,
            right=120 if is_wide else 82,
        )  # fmt: skip
        for place, one in enumerate(found):
            won = float(one.won_share or 0)
            deal = max(float(one.qualified_share or 0) - won, 0.0)
            parts = ((won, "real"), (deal, "under"), (1 - won - deal, "grid"))
            start = 0.0
            for width, tone in parts:
                axes.barh(place, width, left=start, height=0.62, color=svg.colour(tone),
                          linewidth=0)  # fmt: skip
                start += width
            axes.annotate(
                f"{formats.share(one.won_share)} of {formats.count(one.leads)}", (1, place),
                xytext=(6, 0), textcoords="offset points", va="center", fontsize=size.text,
                color=svg.colour("ink"),
            )  # fmt: skip
        names = [formats.plain(formats.words(one.group), 26 if is_wide else 17) for one in found]
        axes.set_yticks(range(len(found)), names)
        axes.set_ylim(len(found) - 0.4, -0.6)
        axes.set_xlim(0, 1)
        axes.set_xticks([])
        return drawn

    return draw
