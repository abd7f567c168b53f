"""Orders of landing: the same truth in the end, landed in other windows, pieces and sequences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from orders.truth import HISTORY, Row, Teller, tellers
from trueup.landing.intake import take_in
from trueup.landing.store import Landing, Load
from trueup.window import Window

#: Commits come a minute apart, long after the days they are about.
FIRST_COMMIT = datetime(2026, 10, 1, tzinfo=UTC)
HASH_KEY = "of the small company"


@dataclass(frozen=True)
class Landed:
    """One landing: a window of a stream of an account, as the world stands at `stage`."""

    teller: Teller
    window: Window
    stage: int

    def rows(self) -> list[Row]:
        return self.teller.ask(self.window, self.stage)


def order_of(seed: int) -> list[Landed]:
    """Every stream and account lands some of its days early, all of them in the end, and some
    again; in windows of any length, in any sequence. The last word on each day is the truth."""
    random = Random(seed)
    queues = [_queue(teller, random) for teller in tellers()]
    order = []
    while queues:
        queue = random.choice(queues)
        order.append(queue.pop(0))
        queues = [queue for queue in queues if queue]
    return order


def _queue(teller: Teller, random: Random) -> list[Landed]:
    if teller.stream.kind == "snapshot":  # names are known to have changed only if both are seen
        early = [Landed(teller, window, 0) for window in _split(random)[: random.randrange(1, 3)]]
        return [*early, *(Landed(teller, window, 1) for window in _split(random)[-2:])]
    early = [Landed(teller, window, 0) for window in _split(random) if random.random() < 0.6]
    final = [Landed(teller, window, 1) for window in _split(random)]
    again = [Landed(teller, window, 1) for window in _split(random) if random.random() < 0.1]
    for some in (early, final, again):
        random.shuffle(some)
    return [*early, *final, *again]


def _split(random: Random) -> list[Window]:
    """History in one to three pieces."""
    days = list(HISTORY.days())
    cuts = sorted(random.sample(range(1, len(days)), random.randrange(3)))
    edges = [0, *cuts, len(days)]
    return [
        Window(days[first], days[last - 1] + timedelta(days=1))
        for first, last in zip(edges, edges[1:], strict=False)
    ]


def land(landing: Landing, landed: Landed, number: int) -> Load:
    """Commit the landing as the `number`th of its order."""
    teller = landed.teller
    return take_in(
        landing, teller.source, teller.stream, landed.window, iter([landed.rows()]),
        api_version="1", hash_key=HASH_KEY, account=teller.account, accepted=True,
        committed_at=FIRST_COMMIT + timedelta(minutes=number),
    )  # fmt: skip
