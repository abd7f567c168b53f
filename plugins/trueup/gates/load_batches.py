"""Loads of one stream and account or feed, and what the stream's landing suite finds in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from trueup.gates import suites
from trueup.gates.findings import LANDING
from trueup.gates.measures import Failure
from trueup.gates.suites import Subject
from trueup.landing.manifest import Load
from trueup.landing.store import Landing


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


def batches(loads: Iterable[Load]) -> list[Batch]:
    """The loads by stream and account, oldest commit first."""
    grouped: dict[tuple[str, str], list[Load]] = {}
    for load in sorted(loads, key=lambda load: (load.stream, load.account, *load.order)):
        grouped.setdefault((load.stream, load.account), []).append(load)
    return [
        Batch(stream, account, f"{stream}_{number}", tuple(of_account))
        for number, ((stream, account), of_account) in enumerate(grouped.items())
    ]


@dataclass(frozen=True)
class Scratch:
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
                files = [self.landing.url(file.name) for load in batch.loads for file in load.files]
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
            gate=f"{LANDING}{self.source}",
            table_name=f"{self.source}.{batch.stream}",
            schema="main",
            relation=batch.table,
            seen_as="known",
            at=self.at,
            segment=batch.account,
        )
