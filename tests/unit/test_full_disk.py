"""A full disk, too little memory, an exception of nobody's: named as what they are, with a place
and a next step, and nothing half done is used."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from trueup import __main__ as command
from trueup import pipeline
from trueup.build import dbt, dbt_results, lock
from trueup.build.dbt_lines import QuietDbt
from trueup.errors import (
    BrokenContract,
    Interrupted,
    NoRoom,
    OutOfMemory,
    TrueupError,
    UnfitData,
    of_machine,
)
from trueup.landing import foreign, intake, typed, values
from trueup.landing.run import Request, Run
from trueup.landing.store import Landing
from trueup.publish import mart_copy, swap
from trueup.sources.contract import Access, Account, Column, Page, Source, Stream
from trueup.sources.ga4 import bucket
from trueup.sources.ga4.tables import DayTable
from trueup.window import Window

STREAM = Stream("spend", (Column("id"), Column("ad_date", "DATE")), ("id",), day="ad_date")
DAY = date(2026, 9, 1)
FULL = OSError(errno.ENOSPC, "No space left on device", "/var/somewhere")


def rows(access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    yield [{"id": "a", "ad_date": DAY}]


def land(landing: Landing, extract: Any = rows) -> Any:
    module = Source("shop", "1", (STREAM,), extract)
    accounts = (Account("7", "UTC", "EUR"),)
    access = Access("shop", "", accounts, {}, DAY, "UTC", "EUR", Path())
    return Run(landing, Request(module, access, DAY, Path("nowhere"))).land([STREAM])


def left_over(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


class Full:
    """A file system that is full from the `after`-th file on; of that one it takes the half."""

    def __init__(self, fs: Any, after: int, error: OSError) -> None:
        self._fs, self._left, self._error = fs, after, error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._fs, name)

    def pipe_file(self, path: str, content: bytes) -> None:
        self._left -= 1
        if self._left < 0:
            self._fs.pipe_file(path, content[: len(content) // 2])
            raise self._error
        self._fs.pipe_file(path, content)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("after", [0, 1], ids=["in the rows", "in the manifest"])
def test_a_disk_that_fills_while_landing_is_named_and_leaves_nothing(
    after: int, number: int, tmp_path: Path
) -> None:
    landing = Landing(str(tmp_path / "landing"))
    disk, error = landing.fs, OSError(number, "No space left on device")
    landing.fs = Full(disk, after, error)
    (failed,) = land(landing).failed
    assert (failed.kind, failed.is_permanent) == ("NoRoom", False)
    assert "the disk is full: landing stopped" in failed.text
    assert (
        "source: shop; stream: spend; account: 7; window: [2026-09-01, 2026-09-02)" in failed.text
    )
    assert "next step: make room" in failed.text and "Traceback" not in failed.text
    assert left_over(tmp_path / "landing") == []
    landing.fs = disk
    assert land(landing).rows == 1


def test_a_disk_that_is_full_for_a_refusal_too_hides_no_error(tmp_path: Path) -> None:
    def broken(*_: Any) -> Iterator[Page]:
        raise BrokenContract("the rows are odd", source="shop")
        yield

    landing = Landing(str(tmp_path / "landing"))
    landing.fs = Full(landing.fs, 0, FULL)
    (failed,) = land(landing, broken).failed
    assert failed.kind == "BrokenContract" and left_over(tmp_path / "landing") == []


@pytest.mark.parametrize(
    "error",
    [MemoryError(), pa.lib.ArrowMemoryError("malloc of size 9"), duckdb.OutOfMemoryException()],
)
def test_too_little_memory_is_no_broken_contract(error: Exception, tmp_path: Path) -> None:
    def greedy(*_: Any) -> Iterator[Page]:
        yield [{"id": "a", "ad_date": DAY}]
        raise error

    (failed,) = land(Landing(str(tmp_path)), greedy).failed
    assert (failed.kind, failed.is_permanent) == ("OutOfMemory", False)
    assert "this machine has too little memory" in failed.text and "window: " in failed.text
    assert "next step: end what else runs here" in failed.text


def test_memory_trouble_while_typing_is_no_fault_of_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    def array(*_: Any) -> Any:
        raise pa.lib.ArrowMemoryError("malloc of size 9 failed")

    monkeypatch.setattr(typed.pa, "array", array)
    with pytest.raises(MemoryError):
        typed.from_dicts([{"id": "a", "ad_date": DAY}], STREAM, "")
    assert not issubclass(pa.lib.ArrowMemoryError, values.ARROW_CANNOT)


def test_memory_trouble_while_a_bucket_is_read_is_no_broken_file() -> None:
    table, place = DayTable("events_20260901", DAY, "daily", True), {"source": "ga4"}
    with pytest.raises(OutOfMemory, match="events_20260901"), bucket._unreadable(table, place):
        raise duckdb.OutOfMemoryException("could not allocate")
    with pytest.raises(NoRoom), bucket._unreadable(table, place):
        raise duckdb.IOException("Could not write file: No space left on device")
    with pytest.raises(BrokenContract), bucket._unreadable(table, place):
        raise duckdb.InvalidInputException("no Parquet")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (FULL, NoRoom),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), NoRoom),
        (duckdb.IOException('Could not write file "x": No space left on device'), NoRoom),
        (duckdb.OutOfMemoryException("failed to offload: max_temp_directory_size"), NoRoom),
        (duckdb.FatalException("invalidated because of: No space left on device"), NoRoom),
        (RuntimeError("Cannot write: Disk quota exceeded"), NoRoom),
        (MemoryError(), OutOfMemory),
        (duckdb.OutOfMemoryException("failed to allocate 9 bytes"), OutOfMemory),
        (PermissionError(errno.EACCES, "Permission denied"), None),
        (ValueError("no space"), None),
    ],
)
def test_what_is_this_machines_fault_and_what_is_not(
    error: Exception, kind: type[TrueupError] | None
) -> None:
    found = of_machine(error, "it stopped")
    assert found is None if kind is None else type(found) is kind


def test_an_exception_in_a_source_says_that_the_answer_is_odd(tmp_path: Path) -> None:
    """Their own text may hold a row's value: none of it is shown."""

    def odd(access: Access, stream: Stream, window: Window) -> Iterator[Page]:
        bucket._table_of(None)  # type: ignore[arg-type] -- what an answer of another form does
        yield []

    (failed,) = land(Landing(str(tmp_path)), odd).failed
    assert "the vendor's answer is not made as its module reads it" in failed.text
    assert "account: 7; window: [2026-09-01, 2026-09-02); got: AttributeError at" in failed.text
    assert "change sources/shop" in failed.text


def test_an_error_of_ours_stays_as_it_is() -> None:
    error = BrokenContract("odd", source="shop")
    assert foreign.of(error, "x", "y", "z", None) is error


def test_a_copy_of_the_marts_that_does_not_fit_leaves_the_last_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def make(build_file: Path, into: Path, **_: object) -> None:
        into.write_bytes(b"half")
        raise duckdb.IOException("Could not write: No space left on device")

    monkeypatch.setattr(mart_copy, "make", make)
    place = swap.PublishedMart(tmp_path / "mart.duckdb", tmp_path / "history")
    from datetime import UTC, datetime

    with pytest.raises(NoRoom, match="readers keep the last one") as raised:
        swap.publish(tmp_path / "build.duckdb", place, datetime.now(UTC))
    assert "next step: make room" in str(raised.value) and not raised.value.permanent
    assert left_over(tmp_path) == []


def run_dbt(tmp_path: Path, lines: list[str], results: str | None, code: int) -> Any:
    """A build whose dbt says `lines`, leaves `results` and ends with `code`."""

    def run(arguments: list[str], environment: dict[str, str], show: Any) -> int:
        for line in lines:
            show(line)
        if results is not None:
            (tmp_path / "run_results.json").write_text(results)
        return code

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dbt, "run_process", run)
        return dbt.build(tmp_path, tmp_path / "build.duckdb", tmp_path, progress=lambda _: None)


FAILED_MODEL = json.dumps(
    {"results": [{"unique_id": "model.trueup.fct_x", "status": "error", "execution_time": 1.0,
                  "message": "IO Error: No space left on device"}]}
)  # fmt: skip
TRACEBACK = ["Traceback (most recent call last):", "json.decoder.JSONDecodeError: Unterminated"]


@pytest.mark.parametrize(
    ("lines", "results", "code"),
    [
        (["IO Error: No space left on device"], FAILED_MODEL, 1),
        (["OSError: [Errno 28] No space left on device", *TRACEBACK], '{"results": [{"uniq', 2),
        (["[Errno 28] No space left on device"], None, 2),
        (["Could not write file: Disk quota exceeded"], "", 1),
    ],
)
def test_a_disk_that_fills_while_dbt_builds_is_named(
    lines: list[str], results: str | None, code: int, tmp_path: Path
) -> None:
    with pytest.raises(NoRoom, match="the last good one stays published") as raised:
        run_dbt(tmp_path, lines, results, code)
    message = str(raised.value)
    assert "next step: make room for" in message and "run `trueup build` again" in message
    assert "Traceback" not in message and "JSON" not in message and not raised.value.permanent


def test_a_traceback_of_dbts_is_left_to_its_log(capsys: pytest.CaptureFixture[str]) -> None:
    show = QuietDbt()
    said = ["10:00:00  Running", f"10:00:01  {TRACEBACK[0]}", '  File "x"', "OSError: [Errno 28]"]
    for line in [*said, *TRACEBACK, "", "10:00:02  Done", "  Binder Error: y"]:
        show(line)
    assert capsys.readouterr().out == "10:00:00  Running\n10:00:02  Done\n  Binder Error: y\n"


def test_a_result_file_cut_off_for_another_reason_says_nothing_about_the_data(
    tmp_path: Path,
) -> None:
    for code in (0, 1, 2):
        with pytest.raises(Interrupted):
            run_dbt(tmp_path, TRACEBACK, '{"results": [{"uniq', code)
    assert dbt_results.read(tmp_path) == []


def test_a_disk_with_nothing_left_needs_no_word_of_dbts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dbt, "LEAST_ROOM", 2**62)
    with pytest.raises(NoRoom):
        run_dbt(tmp_path, TRACEBACK, None, 2)


def test_a_model_that_fails_on_a_disk_with_room_is_unfit_data(tmp_path: Path) -> None:
    with pytest.raises(UnfitData, match="fct_x"):
        run_dbt(tmp_path, ["all is said"], FAILED_MODEL.replace("No space left", "Nobody"), 1)


def test_a_build_file_that_cannot_grow_is_no_reason_to_remove_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def connect(*_: Any, **__: Any) -> Any:
        raise duckdb.IOException("Cannot open file: No space left on device")

    monkeypatch.setattr(duckdb, "connect", connect)
    with pytest.raises(NoRoom) as raised, lock.open_build(tmp_path / "build.duckdb"):
        pass
    assert "remove" not in str(raised.value)


@pytest.mark.parametrize("step", ["land", "gate_landing", "build", "gate_mart", "publish"])
def test_every_step_names_a_full_disk(
    step: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TRUEUP_HOME", str(tmp_path))

    def full() -> Any:
        raise FULL

    monkeypatch.setattr(pipeline.workspace, "current", full)
    arguments = {"land": ("shop", "2026-09-01"), "gate_landing": ("shop", [])}.get(step, ())
    with pytest.raises(
        NoRoom, match=f"`{step.partition('_')[0]}` did not come to its end"
    ) as raised:
        getattr(pipeline, step)(*arguments)
    assert str(tmp_path) in str(raised.value)


def test_a_command_on_a_full_disk_says_so_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full() -> Any:
        raise FULL

    monkeypatch.setattr(pipeline.workspace, "current", full)
    assert command.main(["build"]) == 1
    printed = capsys.readouterr().err
    assert printed.startswith("trueup: the disk is full") and "Traceback" not in printed


def test_intake_tells_a_refusal_in_our_words(landing: Landing) -> None:
    def odd() -> Iterator[Page]:
        raise RuntimeError("ann.planted@example.com")
        yield

    with pytest.raises(RuntimeError):
        intake.take_in(
            landing, "shop", STREAM, Window(DAY, date(2026, 9, 2)), odd(), api_version="1",
            hash_key="",
        )  # fmt: skip
    (refusal,) = landing.refusals("shop", "spend")
    assert "unexpected RuntimeError" in refusal.error and "planted" not in refusal.error
