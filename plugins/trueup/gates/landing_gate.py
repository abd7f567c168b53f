"""The landing gate: each account's or feed's loads of a stream, by the stream's suite and by what
of their rows is set aside. A hold sets aside that load alone; the rest is used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from trueup.gates import suites
from trueup.gates.findings import Finding, Verdict, on_load, on_stream
from trueup.gates.measures import Failure, measured
from trueup.gates.suites import Subject
from trueup.landing.store import Landing, Load


@dataclass(frozen=True)
class Batch:
    """What a landing suite is run on: loads of one stream and account or feed, as a table."""

    stream: str
    account: str
    table: str
    loads: tuple[Load, ...]

    def alone(self) -> Iterator[Batch]:
        """A batch for each of the loads."""
        for number, load in enumerate(self.loads):
            yield Batch(self.stream, self.account, f"{self.table}_load_{number}", (load,))


@dataclass(frozen=True)
class Bench:
    """Where loads of a source lie as tables of `file` while the suites of `folder` run on them."""

    folder: Path
    file: Path
    landing: Landing
    source: str
    at: datetime

    def run(self, wanted: Iterable[Batch]) -> list[tuple[Batch, list[Failure]]]:
        """What the suites find in each batch; a batch without a suite is passed over."""
        todo = [batch for batch in wanted if self._suite(batch).exists()]
        with duckdb.connect(str(self.file)) as con:
            self.landing.attach_to(con)
            for batch in todo:
                files = [self.landing.url(name) for load in batch.loads for name in _files(load)]
                con.execute(
                    f'create table "{batch.table}" as'
                    " from read_parquet($files, union_by_name = true)",
                    {"files": files},
                )
        if not todo:
            return []
        with suites.datasource(self.file) as datasource:
            return [
                (batch, list(suites.run(datasource, self._suite(batch), self._subject(batch))))
                for batch in todo
            ]

    def _suite(self, batch: Batch) -> Path:
        return self.folder / f"{self.source}__{batch.stream}.yml"

    def _subject(self, batch: Batch) -> Subject:
        return Subject(
            gate=f"landing/{self.source}",
            table_name=f"{self.source}.{batch.stream}",
            schema="main",
            relation=batch.table,
            seen_as="known",
            at=self.at,
            segment=batch.account,
        )


def judge(folder: Path, landing: Landing, source: str, loads: Sequence[Load]) -> Verdict:
    """The verdict on loads of a source by the suites in `folder`; `held_loads` are those that are
    not to be used."""
    at = datetime.now(UTC)
    found: list[Finding] = []
    held: list[str] = []
    with TemporaryDirectory() as scratch:
        bench = Bench(folder, Path(scratch) / "landing.duckdb", landing, source, at)
        judged = bench.run(batches(load for load in loads if load.files))
        several = [batch for batch, failures in judged if _holds(failures)]
        alone = bench.run(one for batch in several for one in batch.alone())
        bad = {batch.loads[0].load_id for batch, failures in alone if _holds(failures)}
        with duckdb.connect(str(bench.file), read_only=True) as con:
            con.execute("set timezone = 'UTC'")
            for batch, failures in judged:
                ids = [load.load_id for load in batch.loads] if _holds(failures) else []
                # What fails only where loads are seen together is a fault of them all.
                ids = [load_id for load_id in ids if load_id in bad] or ids
                command = (
                    partial(on_load, ids[0]) if ids else partial(on_stream, source, batch.stream)
                )
                found += measured(con, failures, command)
                held += ids
    return Verdict(
        gate=f"landing/{source}",
        findings=tuple(found),
        at=at,
        loads=tuple(sorted(load.load_id for load in loads)),
        held_loads=tuple(sorted(held)),
    )


def batches(loads: Iterable[Load]) -> list[Batch]:
    """The loads by stream and account, oldest commit first."""
    grouped: dict[tuple[str, str], list[Load]] = {}
    for load in sorted(loads, key=lambda load: (load.stream, _account(load), *load.order)):
        grouped.setdefault((load.stream, _account(load)), []).append(load)
    return [
        Batch(stream, account, f"{stream}_{number}", tuple(of_account))
        for number, ((stream, account), of_account) in enumerate(grouped.items())
    ]


def _holds(failures: Iterable[Failure]) -> bool:
    return any(failure.finding.verdict == "hold" for failure in failures)


def _account(load: Load) -> str:
    return getattr(load, "account", "")


def _files(load: Load) -> list[str]:
    return [getattr(file, "name", file) for file in load.files]
