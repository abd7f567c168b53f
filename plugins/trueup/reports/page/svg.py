"""A chart of matplotlib's as SVG inside the page: its colours follow the page's, it names no
address, and it says in words what it shows.

matplotlib draws with colours of its own that nothing else uses; each becomes a variable of the
page's style, so that one chart serves light, dark and print.
"""

from __future__ import annotations

import html
import io
import re
import warnings
from typing import Any

import matplotlib

# Text stays text, which is read out and takes the page's font; `$` in a name is no formula, and
# the same mart gives the same page.
SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "trueup",
    "text.parse_math": False,
    "axes.unicode_minus": True,
    "font.family": "DejaVu Sans",
    "path.simplify": False,
}
#: Names of the page's colours, as style.css defines them.
COLOURS = (
    "ink", "muted", "grid", "band", "real", "claim", "over", "under", "rest",
    "line1", "line2", "line3", "line4", "line5", "line6",
)  # fmt: skip
SENTINELS = {name: f"#0102{number + 16:02x}" for number, name in enumerate(COLOURS)}
#: Points of matplotlib's SVG are one unit of its view box.
POINTS_PER_INCH = 72


def colour(name: str) -> str:
    return SENTINELS[name]


def figure(width: float, height: float) -> Any:
    """An empty chart of so many units, without a background."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    drawn = Figure(figsize=(width / POINTS_PER_INCH, height / POINTS_PER_INCH))
    drawn.patch.set_visible(False)
    FigureCanvasSVG(drawn)
    return drawn


def inline(drawn: Any, name: str, title: str, described: str) -> str:
    """The chart as an `<svg>` element that can stand in HTML; `name` is unique on the page."""
    out = io.StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    with matplotlib.rc_context(SETTINGS), warnings.catch_warnings():
        # The browser has fonts for every script; what is measured here is only their width.
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        drawn.savefig(out, format="svg", metadata=nothing)
    body = out.getvalue()
    body = body[body.index("<svg") :]
    whole, _, body = body.partition(">")
    box = re.search(r'viewBox="[^"]+"', whole)
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r'\s+xmlns(:\w+)?="[^"]*"', "", body).replace("xlink:href", "href")
    body = re.sub(r"<!--.*?-->", "", body, flags=re.DOTALL)
    body = _ids(body, name)
    body = re.sub(r"font: (?:\w+ )?([\d.]+)px [^;\"]*", r"font-size: \1px", body)
    for one, sentinel in SENTINELS.items():
        body = body.replace(sentinel, f"var(--{one})")
    opening = (
        f'<svg class="{name.rpartition("-")[2]}" role="img" {box[0] if box else ""}'
        f' aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{html.escape(title)}</title>'
        f'<desc id="{name}-desc">{html.escape(described)}</desc>'
    )
    return opening + re.sub(r"\n\s*", "\n", body)


def _ids(body: str, name: str) -> str:
    """Only what is referred to keeps its id, made unique on the page."""
    used = set(re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', body))
    kept = {one or other for one, other in used}

    def renamed(match: re.Match[str]) -> str:
        return f' id="{name}-{match[1]}"' if match[1] in kept else ""

    body = re.sub(r'\s+id="([^"]*)"', renamed, body)
    body = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", body)
    return re.sub(r'href="#([^"]+)"', rf'href="#{name}-\1"', body)
