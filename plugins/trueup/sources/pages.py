"""What an extractor yields: pages of rows, and what there is to say about rows that are none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from trueup.window import Window

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class ControlTotal:
    """A total the vendor itself states; landing compares it with what was fetched.

    `name` is `rows`, or `sum:<column>` of a declared column.
    """

    name: str
    value: int | str


AsideKind = Literal[
    "unreadable", "duplicate", "conflict", "superseded", "removed", "excluded", "total", "outside"
]


@dataclass(frozen=True)
class SetAside:
    """A row of the input that is not used: where it stood, why, and what it would have weighed.

    `is_lost` is false where another row of the same key is used in its place. `key` holds the
    landed values of its key as far as they could be read; it finds that row and is not listed.
    `used_amount` is what that row weighs.
    """

    position: str
    reason: str
    content: str
    day: date | None = None
    amount: Decimal | None = None
    kind: AsideKind = "unreadable"
    is_lost: bool = True
    currency_code: str | None = None
    key: tuple[Any, ...] = ()
    used_amount: Decimal | None = None


@dataclass(frozen=True)
class Absent:
    """Days the vendor holds nothing for, and why; intake decides whether they land empty.

    `before` the vendor's first day nothing is expected. A `gap` is taken by a person, or by the
    company that allows empty days; what may still come `late` by a person alone. Where `part` of
    the days' rows is absent (one currency, the names of deleted campaigns), the others land.
    """

    days: Window
    why: str
    kind: Literal["before", "gap", "late", "part"]


@dataclass(frozen=True)
class Delivered:
    """What one file gave to a load: its rows of each day from `first_day` on, one number after the
    other ("2 0 3"). A row that several files have is of the one whose row is used."""

    name: str
    first_day: date
    daily_rows: str

    @property
    def rows(self) -> dict[date, int]:
        """Its rows by day."""
        counts = enumerate(map(int, self.daily_rows.split()))
        return {self.first_day + timedelta(days=after): rows for after, rows in counts if rows}


#: What makes one doubt that a file's rows are right and all there, as the gate's checks are called.
Doubt = Literal["files cut off", "files empty", "files left beside", "rows of earlier files"]


@dataclass(frozen=True)
class Note:
    """What a person should know of a load. The landing gate warns of it where it is a `doubt`;
    `rows` are those concerned, and `money` their sum in each currency ('' where none is named)."""

    text: str
    doubt: Doubt | None = None
    rows: int | None = None
    money: tuple[tuple[str, Decimal], ...] = ()


#: What an extractor yields. Dicts must hold every declared column (a key that is absent is a
#: missing column, a None is a null); further keys land in `_extra`. Bulk streams yield Arrow,
#: which may hold in `POSITION` where each row stood, for those that are set aside.
POSITION = "_position"
Page: TypeAlias = (
    "list[dict[str, Any]] | pa.Table | ControlTotal | SetAside | Absent | Delivered | Note"
)
