"""One extraction becomes one load: pages are counted, typed, hashed, written, checked, committed.

A row that cannot be used is set aside with its reason, and the rest lands. What makes the whole
doubtful is checked before the manifest is written, so a load that is not what its stream declares
never exists: a column missing or of another type in nearly every row, the vendor's own totals, no
empty day where rows are expected, no fetch that shrank. It is noted as refused instead.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from trueup.errors import NoRoom, OutOfMemory, TrueupError
from trueup.landing import checks, foreign, gaps, keys, lost_parts, slid, steady
from trueup.landing.checks import Place
from trueup.landing.keys import LANDED
from trueup.landing.manifest import DayAccount, Load, Refusal
from trueup.landing.receive import receive
from trueup.landing.row_rules import RowRule
from trueup.landing.store import Landing, new_load_id
from trueup.landing.tally import Tally
from trueup.landing.typed import DAY
from trueup.landing.values import SUM
from trueup.landing.writer import Writer
from trueup.scratch import scratch
from trueup.sources.contract import Page, SetAside, Stream
from trueup.window import Window


@dataclass(frozen=True)
class Landed:
    """What the written files hold: rows and money by day, and sums of the control columns."""

    rows: dict[date | None, int]
    money: dict[date | None, Decimal]
    sums: dict[str, Decimal]


def take_in(
    landing: Landing,
    source: str,
    stream: Stream,
    window: Window,
    pages: Iterable[Page],
    *,
    api_version: str,
    hash_key: str,
    account: str = "",
    empty_ok: bool = False,
    accepted: bool = False,
    known: gaps.KnownDays | None = None,
    others: Collection[date] = (),
    rules: tuple[RowRule, ...] = (),
    committed_at: datetime | None = None,
) -> Load:
    """Write `pages` as one load of `account` and commit it. Raises BrokenContract and commits
    nothing if the rows are not what `stream` declares; whatever stops it is noted as a refusal.

    `empty_ok`: the company expects days without rows. `accepted`: a person accepts empty days, a
    shrunken fetch and numbers that jumped. `known`: the manifests in force, where they are read
    already. `others`: days on which other accounts have rows. Rows that break one of `rules` are
    set aside.
    """
    place = Place(source, stream, window, account)
    load_id = new_load_id(committed_at or datetime.now(UTC))
    tally, writer = Tally(stream, window, rules), Writer(landing, source, stream, load_id)
    try:
        if not accepted and known is None:
            known = gaps.known_days(landing, source, stream, account)
        if not accepted:
            tally.steadiness = steady.read(landing, stream, window.since, known or {})
        receive(pages, hash_key, tally, writer, place)
        if empty_ok or accepted:
            tally.accept_empty()
        landed = _settle(landing, tally, writer, place)
        if not accepted and stream.is_whole:
            place = slid.narrowed(landing, tally, landed.rows, known or {}, place)
            if slid.leave_before(landing, tally, writer):
                landed = _measure(landing, stream, writer)
        if not accepted:
            _check_gaps(tally, landed, known or {}, others, empty_ok, place)
        load = _load(load_id, api_version, committed_at, place, writer, tally, landed)
        checks.check_account(tally, load.days, place)
        if not accepted and stream.is_whole:
            lost_parts.check(landing, load, tally, known or {}, place)
        newest = landing.newest_commit(source, stream.name)
        checks.check_order(newest, load.committed_at, place)
        writer.set_aside(landing.set_aside_file(load), tally.listed)
        landing.write_manifest(load)
    except Exception as error:
        ours = foreign.of(error, source, stream.name, account, window)
        with suppress(OSError):  # a full disk takes no note either; what is left over is no load
            writer.discard()
            _refuse(landing, load_id, ours, place, writer, tally)
        if isinstance(ours, NoRoom | OutOfMemory):
            raise ours from None
        raise
    return load


def _settle(landing: Landing, tally: Tally, writer: Writer, place: Place) -> Landed:
    """Leave one row of each key, and hold what is there against the declaration and the vendor's
    own totals."""
    dropped = keys.collapse(landing, tally.stream, writer)
    tally.aside = keys.with_stand_ins(landing, tally.stream, writer, tally.aside)
    tally.aside += [one.listed for one in dropped]
    landed = _measure(landing, tally.stream, writer)
    checks.check_columns(tally, place)
    checks.check_totals(tally, landed.sums, dropped, place)
    checks.check_usable(tally, writer.row_count, place)
    return landed


def _measure(landing: Landing, stream: Stream, writer: Writer) -> Landed:
    """Read back from what was written."""
    money = f'sum("{stream.money}")::{SUM}' if stream.money else "null"
    sums = ", ".join(f'coalesce(sum("{name}"), 0)' for name in stream.control)
    if not writer.parts:
        return Landed({}, {}, {name: Decimal(0) for name in stream.control})
    files = {"files": [landing.url(part.file.name) for part in writer.parts]}
    with scratch() as con:
        landing.attach_to(con)
        days = con.execute(
            f"select {DAY}, count(*), {money} from {LANDED} group by 1 order by 1", files
        ).fetchall()
        row = con.execute(f"select {sums} from {LANDED}", files).fetchone() if sums else ()
    return Landed(
        {day: count for day, count, _ in days},
        {day: amount for day, _, amount in days if amount is not None},
        {n: Decimal(str(v)) for n, v in zip(stream.control, row or (), strict=True)},
    )


def _check_gaps(
    tally: Tally,
    landed: Landed,
    known: gaps.KnownDays,
    others: Collection[date],
    empty_ok: bool,
    place: Place,
) -> None:
    """Nothing that should be there is missing: neither rows of a day nor rows there once were."""
    if tally.stream.kind != "day":
        known = {}
    gaps.check_absence(tally, empty_ok, known, place)
    if not (empty_ok or tally.stream.empty_ok):
        empty = gaps.empty_days(tally, known)
        gaps.check_emptiness(empty, tally.offered[None], others, place)
        if empty:
            tally.notes.append(
                f"no row on {len(empty)} day(s), first {empty[0]}, while other accounts have some"
            )
    gaps.check_shrinkage(tally, landed.rows, known, place)


def _accounts(tally: Tally, landed: Landed) -> tuple[DayAccount, ...]:
    aside: dict[date | None, list[SetAside]] = {}
    for row in tally.aside:
        aside.setdefault(row.day, []).append(row)
    days = sorted({*landed.rows, *aside}, key=lambda day: day or date.max)
    zero = Decimal(0) if tally.stream.money else None
    return tuple(
        DayAccount(
            day=day,
            offered=tally.offered[day],
            landed=landed.rows.get(day, 0),
            set_aside=len(aside.get(day, ())),
            landed_money=landed.money.get(day, zero),
            set_aside_money=zero
            if zero is None
            else sum((row.amount or zero for row in aside.get(day, ())), zero),
        )
        for day in days
    )


def _load(
    load_id: str,
    api_version: str,
    committed_at: datetime | None,
    place: Place,
    writer: Writer,
    tally: Tally,
    landed: Landed,
) -> Load:
    return Load(
        load_id=load_id,
        source=place.source,
        stream=place.stream.name,
        account=place.account,
        since=place.window.since,
        until=place.window.until,
        row_count=writer.row_count,
        days=_accounts(tally, landed),
        control_totals={name: str(total) for name, total in landed.sums.items()},
        columns={c.landed_name: c.landed_type for c in place.stream.columns},
        extra_columns=tuple(sorted(tally.extra)),
        files=tuple(part.file for part in writer.parts),
        api_version=api_version,
        committed_at=committed_at or datetime.now(UTC),
        outside=tally.outside,
        notes=tuple(dict.fromkeys(tally.notes)),
        lacking=tuple(dict.fromkeys(tally.lacking)),
        delivered=tuple(tally.delivered),
        doubts=tuple(tally.doubts),
    )


def _refuse(
    landing: Landing,
    load_id: str,
    error: TrueupError,
    place: Place,
    writer: Writer,
    tally: Tally,
) -> None:
    refusal = Refusal(
        load_id, place.source, place.stream.name, place.account, place.window.since,
        place.window.until, str(error), datetime.now(UTC), place.stream.is_whole,
    )  # fmt: skip
    writer.set_aside(landing.set_aside_file(refusal), tally.listed)
    landing.refuse(refusal)
