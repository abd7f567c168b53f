"""Routes of the company file that no incident can take: `trueup check` tells of them."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from trueup.company.alerting import Alerts
from trueup.gates.causes.families import BY_NAME

#: Whose incidents are: those of causes, and of the suites' findings.
OWNERS = tuple(sorted({family.owner for family in BY_NAME.values()}))


def lines(alerts: Alerts) -> Iterator[str]:
    """Each with its path."""
    for index, route in enumerate(alerts.routes):
        place = f"alerts.routes.{index}"
        if route.owner and route.owner not in OWNERS:
            yield (
                f"{place}.owner: no incident is {route.owner}'s, so nobody hears by this route;"
                f" owners are {', '.join(OWNERS)}"
            )
        if route.family and route.family not in BY_NAME:
            alike = get_close_matches(route.family, BY_NAME, n=1)
            meant = f"; is {alike[0]} meant?" if alike else ""
            yield (
                f"{place}.family: no cause is called {route.family}, so nobody hears by this"
                f" route{meant}"
            )
