"""What share of the rows offered is not used, and whether that is too much.

Shares are of a day, in rows and, where the stream has money, in money. Days of too few rows for a
share to say anything are judged together with the days beside them. What a row counts as:

- lost: no other row stands in for it. Above the warn share it warns, above the hold share it holds;
  but one or two rows are a bad row's cost, not a broken file's, unless they are most of all.
- excluded: the company's own select named a reason, which is no loss. Warns above the warn share,
  for the reason may fit more than was meant; never holds. So does a line that sums up others.
- twice: another row of the same key is used. Differing ones warn, identical ones above the warn
  share; never holds.
- removed: a later file of a feed owns its day and does not hold it. Warns above the warn share;
  holds above the hold share where most of a day is removed, as by a day that was mistyped.
- outside: dated before the history begins or later than the day that lands (intake_rows.py says
  which hold).

A witness (claims, clicks, events, touches, names, rates) warns and never holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from trueup.gates.findings import Outcome, worst

#: So many lost rows hold where their share says so; fewer only where they are most of a day.
FEW_ROWS = 3
MOST = Decimal("0.5")


@dataclass(frozen=True)
class Tolerance:
    """The shares above which rows not used warn, and hold."""

    warn_share: Decimal = Decimal("0.001")
    hold_share: Decimal = Decimal("0.02")


@dataclass(frozen=True)
class Part:
    """One day's rows: all that were offered, and those of them that are not used. Money is in
    local currency units as they come, null where there is none."""

    day: date | None
    rows: int
    unused: int
    money: Decimal | None = None
    unused_money: Decimal | None = None


@dataclass(frozen=True)
class Judged:
    """What the parts come to: the outcome, the worst shares, the first day above the warn share,
    and all that is not used."""

    outcome: Outcome
    row_share: Decimal
    money_share: Decimal | None
    since: date | None
    unused: int
    unused_money: Decimal | None

    @property
    def share(self) -> Decimal:
        """The worst share, of rows or of money."""
        return max(self.row_share, self.money_share or Decimal(0))

    @property
    def shares(self) -> str:
        if self.money_share is None:
            return f"{_percent(self.row_share)} of a day's rows"
        return (
            f"{_percent(self.row_share)} of a day's rows"
            f" and {_percent(self.money_share)} of its money"
        )


def judge(parts: Iterable[Part], tolerance: Tolerance) -> Judged:
    """The outcome of the worst day; see the module's text for what holds."""
    found = [part for part in _pooled(parts, tolerance) if part.unused]
    shares = [(part, _row_share(part), _money_share(part)) for part in found]
    outcomes: list[Outcome] = []
    since: list[date] = []
    for part, rows, money in shares:
        share = max(rows, money or Decimal(0))
        outcome: Outcome = "warn" if share > tolerance.warn_share else "pass"
        if share > tolerance.hold_share and (part.unused >= FEW_ROWS or share > MOST):
            outcome = "hold"
        outcomes.append(outcome)
        if outcome != "pass" and part.day:
            since.append(part.day)
    known = [money for _, _, money in shares if money is not None]
    return Judged(
        outcome=worst(outcomes),
        row_share=max((rows for _, rows, _ in shares), default=Decimal(0)),
        money_share=max(known, default=None),
        since=min(since, default=None),
        unused=sum(part.unused for part in found),
        unused_money=total(part.unused_money for part in found),
    )


def _pooled(parts: Iterable[Part], tolerance: Tolerance) -> Iterator[Part]:
    """The parts; days of too few rows for the hold share to be measured are put together, from the
    newest back, until there are enough of them. What is left over goes with the last of these."""
    found = sorted(parts, key=lambda part: part.day or date.min, reverse=True)
    small: list[Part] = []
    pools: list[list[Part]] = []
    for part in found:
        if not part.day or part.rows * tolerance.hold_share >= 1:
            yield part
            continue
        small.append(part)
        if sum(one.rows for one in small) * tolerance.hold_share >= 1:
            pools.append(small)
            small = []
    if small and pools:
        pools[-1].extend(small)
    elif small:
        pools.append(small)
    yield from map(_together, pools)


def _together(days: Sequence[Part]) -> Part:
    """One part of several, of the first day that is not all used."""
    return Part(
        day=min((part.day for part in days if part.day and part.unused), default=None),
        rows=sum(part.rows for part in days),
        unused=sum(part.unused for part in days),
        money=total(part.money for part in days),
        unused_money=total(part.unused_money for part in days),
    )


def _row_share(part: Part) -> Decimal:
    return Decimal(part.unused) / max(part.rows, part.unused, 1)


def _money_share(part: Part) -> Decimal | None:
    """Of sums whose signs may differ, as refunds beside sales do, the sizes are compared."""
    if part.unused_money is None or part.money is None:
        return None
    whole = max(abs(part.money), abs(part.money - part.unused_money) + abs(part.unused_money))
    return abs(part.unused_money) / whole if whole else None


def total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of the amounts that are known; None where none is."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None


def _percent(share: Decimal) -> str:
    return f"{share:.1%}" if share >= Decimal("0.001") else f"{share:.2%}"
