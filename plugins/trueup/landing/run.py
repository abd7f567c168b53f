"""Landing a source: every stream, every account or feed on its own, whatever becomes of others.

What fails is noted by name and the rest goes on, so that an account without access, a feed whose
file is missing or a stream the vendor will not answer costs itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from trueup.errors import BrokenContract
from trueup.landing import foreign, intake, plan, row_rules
from trueup.landing.gaps import EmptyDays, KnownDays, OpenDays
from trueup.landing.landed import Landed, NotLanded
from trueup.landing.store import Landing, Load
from trueup.sources.contract import Access, Source, Stream
from trueup.window import Window, runs


@dataclass(frozen=True)
class Request:
    """What is to land: `day` is the newest. `suites` is the folder of landing suites, whose row
    rules are kept. `allow_empty` names streams whose days may hold no row, `accepted` says that a
    person has looked at empty days and shrunken fetches and accepts them.
    """

    module: Source
    access: Access
    day: date
    suites: Path
    hash_key: str = ""
    allow_empty: Collection[str] = ()
    accepted: bool = False


@dataclass
class Run:
    """One landing of a source under way."""

    landing: Landing
    request: Request
    loads: list[Load] = field(default_factory=list)
    late: dict[str, str] = field(default_factory=dict)
    failed: list[NotLanded] = field(default_factory=list)

    def land(self, streams: Iterable[Stream]) -> Landed:
        """Try every one of `streams`."""
        for stream in streams:
            self._stream(stream)
        ids = tuple(load.load_id for load in self.loads)
        rows = sum(load.row_count for load in self.loads)
        source, day = self.request.access.source, self.request.day.isoformat()
        return Landed(source, day, ids, rows, self.late, tuple(self.failed))

    def _stream(self, stream: Stream) -> None:
        current = self.landing.current(self.request.access.source, stream)
        known: dict[str, dict[date, Load]] = {}
        for load, days in current:
            known.setdefault(load.account, {}).update(dict.fromkeys(days, load))
        parts = self.request.module.parts(self.request.access, stream)
        part = _Part(self, stream, known, is_alone=len(parts) == 1)
        # An account that had rows goes first: it excuses days on which another has none.
        for account, access in sorted(parts, key=lambda one: not part.had_rows(one[0])):
            part.land(account, access)
        part.land_postponed()

    def take_in(
        self, stream: Stream, account: str, access: Access, window: Window, known: KnownDays,
        others: Collection[date],
    ) -> Load:  # fmt: skip
        request = self.request
        load = intake.take_in(
            self.landing,
            access.source,
            stream,
            window,
            request.module.extract(access, stream, window),
            api_version=request.module.api_version,
            hash_key=request.hash_key,
            account=account,
            empty_ok=stream.name in request.allow_empty,
            accepted=request.accepted,
            known=known,
            others=others,
            rules=row_rules.read(request.suites / f"{access.source}__{stream.name}.yml"),
        )
        self.loads.append(load)
        print(_line(load))
        return load

    def fail(
        self, stream: Stream, account: str, error: Exception, window: Window | None = None
    ) -> None:
        """Note what did not land."""
        source = self.request.access.source
        ours = foreign.of(error, source, stream.name, account, window)
        kind = type(error if isinstance(ours, foreign.Unexpected) else ours).__name__
        failed = NotLanded(stream.name, account, kind, str(ours), ours.permanent)
        if first := _first_day(stream, error, window):
            reach = (self.request.day - first).days
            failed = replace(failed, first_day=first.isoformat(), reach_days=reach)
        is_known = any(one.cause == failed.cause for one in self.failed)
        # The error that ends the landing says the rest of it.
        why = f"{ours.problem}{' (the same as above)' if is_known else ''}"
        print(" ".join(f"{source}.{stream.name} {account} did not land: {why}".split()))
        self.failed.append(failed)


@dataclass
class _Part:
    """The accounts or feeds of one stream, one after the other."""

    run: Run
    stream: Stream
    known: dict[str, dict[date, Load]]
    is_alone: bool
    postponed: list[tuple[str, Access, Window, EmptyDays]] = field(default_factory=list)

    def had_rows(self, account: str) -> bool:
        """Whether the account's newest day in force holds rows."""
        loads = self.known.get(account, {})
        return bool(loads) and max(loads) in _days_with_rows(loads)

    def land(self, account: str, access: Access) -> None:
        request, known = self.run.request, self.known.setdefault(account, {})
        try:
            through = self._through(access)
            stream = self._restated(access, through)
        except Exception as error:
            newest = Window(request.day, request.day + timedelta(days=1))
            self.run.fail(self.stream, account, error, newest)
            return
        windows = plan.windows(
            stream, day=through, history_start=request.access.history_start, covered=set(known)
        )
        for window in windows:
            if not self._window(account, access, window):
                break

    def land_postponed(self) -> None:
        """Windows with empty days are asked for again where others have rows by now."""
        for account, access, window, error in self.postponed:
            if self._others(account).isdisjoint(window.days()):
                self._without(account, access, window, error)
            else:
                self._window(account, access, window, is_last_try=True)

    def _window(
        self, account: str, access: Access, window: Window, is_last_try: bool = False
    ) -> bool:
        """Land one window; whether it makes sense to go on with the account's next one."""
        known = self.known[account]
        try:
            load = self.run.take_in(
                self.stream, account, access, window, dict(known), self._others(account)
            )
        except EmptyDays as error:
            if is_last_try or self.is_alone:
                return self._without(account, access, window, error)
            self.postponed.append((account, access, window, error))
            return True
        except OpenDays as error:
            return self._without(account, access, window, error)
        except BrokenContract as error:
            self.run.fail(self.stream, account, error, window)
            return True  # the fault may lie in these days alone
        except Exception as error:
            self.run.fail(self.stream, account, error, window)
            return False
        known.update(dict.fromkeys(window.days(), load))
        return True

    def _without(self, account: str, access: Access, window: Window, error: OpenDays) -> bool:
        """Land the window's other days: those that are open cost themselves, and are asked for
        again with the next run."""
        self.run.fail(self.stream, account, error, window)
        left = set(window.days()) - set(error.days)
        if not error.days or not left:
            return True
        parts = [self._window(account, access, part, is_last_try=True) for part in runs(left)]
        return all(parts)

    def _restated(self, access: Access, day: date) -> Stream:
        """The stream with the days the account's own settings make the vendor change."""
        restates = self.run.request.module.restate_days
        if not restates:
            return self.stream
        return replace(self.stream, restate_days=restates(access, self.stream, day))

    def _others(self, account: str) -> set[date]:
        """The days on which another account has rows."""
        return {
            day
            for name, loads in self.known.items()
            if name != account
            for day in _days_with_rows(loads)
        }

    def _through(self, access: Access) -> date:
        """The newest day that can be had."""
        request, stream = self.run.request, self.stream
        if not request.module.written_through or request.accepted:
            return request.day
        through = request.module.written_through(access, stream, request.day)
        if through < request.day:
            print(f"{access.source}.{stream.name}: the vendor has written through {through} so far")
            was = self.run.late.get(stream.name, through.isoformat())
            self.run.late[stream.name] = min(was, through.isoformat())
        return through


def _days_with_rows(loads: KnownDays) -> set[date]:
    distinct = {load.load_id: load for load in loads.values()}
    offered = {(x.load_id, day.day) for x in distinct.values() for day in x.days if day.offered}
    return {day for day, load in loads.items() if (load.load_id, day) in offered}


def _first_day(stream: Stream, error: Exception, window: Window | None) -> date | None:
    """The first of the days whose rows the error is about: none where it is about a vendor, or a
    stream of which each fetch is all there is."""
    if not isinstance(error, BrokenContract) or not window or stream.kind == "snapshot":
        return None
    return min(error.days, default=window.since) if isinstance(error, OpenDays) else window.since


def _line(load: Load) -> str:
    of_account = f" {load.account}" if load.account else ""
    aside = f", {load.set_aside_count} set aside" if load.set_aside_count else ""
    outside = f", {load.outside.rows} outside" if load.outside else ""
    unknown = f", new columns {list(load.extra_columns)}" if load.extra_columns else ""
    notes = "".join(f"\n  {note}" for note in load.notes)
    return (
        f"landed {load.source}.{load.stream}{of_account} {load.window}: {load.row_count} rows"
        f"{aside}{outside}{unknown}{notes}"
    )
