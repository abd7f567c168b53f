"""How rates hang together over time: weeks resemble the week before, and levels drift.

Each path is the sum of two AR(1) series of days: one that forgets within a week or two, and a slow
one, half as wide, that forgets within two months. Together they give weekly rates a correlation of
about a half with the week before, and levels that move about a point a month. A path is centred
over the world's range, and its mean effect taken out, so that averages stay what they are.

Every path draws from a stream of its own: another one more moves none of the others.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import log
from zlib import crc32

import numpy as np

from sandbox.world.dated import Sway, Where, first_day
from sandbox.world.days import Span
from sandbox.world.parameters import Parameters

#: What a day keeps of the day before: of the fast series, and of the slow one.
FAST, SLOW = 0.82, 0.985
#: How wide the slow series is beside the fast one.
SLOW_SHARE = 0.45


@dataclass(frozen=True)
class Path:
    """A parameter that sways: by points of a share, or by that part of a level."""

    parameter: str
    width: float  # standard deviation of the fast series
    level: float | None = None  # of a share: where it stands; of anything else nothing
    where: Where = field(default_factory=dict)


def _of_platforms(parameter: str, width: float, level: float | None = None) -> tuple[Path, ...]:
    return tuple(
        Path(parameter, width, level, {"platform": platform})
        for platform in ("google_ads", "meta_ads")
    )


def _of_options(parameter: str, option: str, widths: Mapping[str, float]) -> tuple[Path, ...]:
    return tuple(Path(parameter, width, None, {option: name}) for name, width in widths.items())


PATHS = (
    # What GA4 catches: with the white half of each day's wandering a rho of .004 to .01
    Path("purchase_tag_loss", 0.015, 0.035),
    Path("blocked_visit_share", 0.007, 0.035),
    Path("doubled_purchase_share", 0.004, 0.015),
    Path("late_event_share", 0.003, 0.015),
    Path("mistaken_organic_share", 0.03, 0.35),
    # What people allow, and what their visits lose
    Path("analytics_refusal_share", 0.02, 0.28),
    *_of_platforms("click_id_lost_share", 0.02, 0.10),
    # What the platforms see of it
    *_of_platforms("claim_observed_share", 0.03, 0.95),
    Path("google_modelled_share", 0.06, 0.85),
    Path("meta_server_share", 0.06, 0.75),
    Path("meta_view_share", 0.08, 0.68),
    *_of_platforms("cost_factor", 0.10),
    *_of_platforms("click_rate_factor", 0.10),
    # Who comes, with what, and of what
    *_of_options("device_weight", "device", {"desktop": 0.12, "tablet": 0.12}),
    *_of_options("country_weight", "country", {"GB": 0.15, "US": 0.15, "DE": 0.15, "FR": 0.15}),
    *_of_options("touch_weight", "touch", {
        "google_ads:brand_search": 0.10, "google_ads:generic_search": 0.10,
        "meta_ads:prospecting": 0.10, "email": 0.12, "organic_search": 0.08,
    }),
    # What they do, and what becomes of it
    Path("orders_per_day", 0.05),
    Path("shop_browsers_per_day", 0.05),
    Path("wedding_enquiries_per_day", 0.08),
    Path("same_visit_share", 0.02, 0.20),
    *_of_options("product_weight", "product", {"hamper": 0.20}),
    Path("refund_share", 0.02, 0.075),
    Path("qualified_share", 0.05, 0.40),
)  # fmt: skip


def sways(span: Span, parameters: Parameters) -> tuple[Sway, ...]:
    """Every path over the days of a world."""
    since = first_day(span.start, parameters)
    count = (span.until - since).days + parameters.overhang_days + 1
    drawn = tuple(Sway(path.parameter, since, _logs(path, count, span.seed), path.where)
                  for path in PATHS)  # fmt: skip
    # Half of what a day's capture wanders by itself now hangs together
    return (*drawn, Sway("capture_overdispersion", since, (log(0.5),) * count))


def _logs(path: Path, count: int, seed: int) -> tuple[float, ...]:
    name = " ".join([path.parameter, *map(str, path.where.values())])
    rng = np.random.default_rng([seed, 4, crc32(name.encode())])
    series = _ar(rng, FAST, count) + SLOW_SHARE * _ar(rng, SLOW, count)
    series -= series.mean()
    # Points of a share as log odds; a part of a level as it is
    width = path.width if path.level is None else path.width / (path.level * (1 - path.level))
    bend = 1.0 if path.level is None else 1 - 2 * path.level
    logs = width * series
    return tuple((logs - bend * logs.var() / 2).tolist())


def _ar(rng: np.random.Generator, keeps: float, count: int) -> np.ndarray:
    """A stationary AR(1) series of variance 1."""
    steps = rng.normal(0, 1, count)
    series = np.empty(count)
    series[0] = steps[0]
    for day in range(1, count):
        series[day] = keeps * series[day - 1] + (1 - keeps**2) ** 0.5 * steps[day]
    return series
