"""Files as hostile as answers: each ends in one clear error, or costs a row at most."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from feed_files import ORDERS, Folder
from hostile.kinds import PLANTED
from trueup.errors import BrokenContract, TrueupError
from trueup.sources.files import text

GOOD = {"id": "A1", "day": "2026-09-01", "total": 10.5}
PERSON = PLANTED["e-mail"]


def rows(*more: str) -> bytes:
    """A good row and further lines of JSON."""
    return "\n".join([json.dumps(GOOD), *more]).encode()


def row(total: str = "1.5", name: str = '"A2"') -> str:
    return f'{{"id": {name}, "day": "2026-09-01", "total": {total}}}'


BIG = b'{"id": "' + b"x" * 40 * 2**20 + b'"}'
LINES = (row() + "\n").encode() * 100_000
#: Name, file, content, and how many rows land where any may.
KINDS: tuple[tuple[str, str, bytes, int | None], ...] = (
    ("cut off", "till.json", b"[" + rows()[:-9], None),
    ("a web page", "till.json", f"<html>{PERSON}</html>".encode(), None),
    ("no byte", "till.json", b"", None),
    ("null", "till.json", b"null", None),
    ("a text", "till.json", f'"{PERSON}"'.encode(), None),
    ("a list of numbers", "till.json", b"[1, 2]", None),
    ("lists in lists", "till.json", b"[" * 200_000 + b"]" * 200_000, None),
    ("objects in objects", "till.json", b'{"a":' * 200_000 + b"1" + b"}" * 200_000, None),
    ("not UTF-8", "till.ndjson", rows().replace(b"A1", b"\xff\xfe"), None),
    ("a row of 40 MB", "till.ndjson", BIG, None),
    ("a key twice", "till.ndjson", rows('{"id": "A2", "id": "A3", "day": "2026-09-01"}'), None),
    ("NaN", "till.ndjson", rows(row("NaN")), 1),
    ("Infinity", "till.ndjson", rows(row("-Infinity")), 1),
    ("1e999", "till.ndjson", rows(row("1e999")), 1),
    ("a number of 5,000 digits", "till.ndjson", rows(row("7" * 5_000)), 1),
    ("NUL in a text", "till.ndjson", rows(row(name='"A\\u0000"')), 2),
    ("half a character in a text", "till.ndjson", rows(row(name='"A\\ud83d"')), None),
    ("gzip bomb", "till.ndjson.gz", gzip.compress(LINES * 5), None),
    ("gzip bomb", "till.csv.gz", gzip.compress(b"id,day,total\n" + b"x" * 2**24), None),
    ("gzip cut off", "till.csv.gz", gzip.compress(LINES)[:-40], None),
    ("gzip damaged", "till.csv.gz", gzip.compress(LINES)[:200] + b"\0" * 50, None),
    ("said to be gzip", "till.csv.gz", b"id,day,total\nA1,2026-09-01,1\n", 1),
    ("said to be Parquet", "till.parquet", b"PAR1" + PERSON.encode() + b"PAR1", None),
    ("NUL in a cell", "till.csv", b"id,day,total\nA1,2026-09-01,10.5\nA\0,2026-09-01,1\n", 2),
    ("a number of 5,000 digits", "till.csv",
     b"id,day,total\nA1,2026-09-01,10.5\nA2,2026-09-01," + b"7" * 5_000 + b"\n", 1),
    ("NaN", "till.csv", b"id,day,total\nA1,2026-09-01,10.5\nA2,2026-09-01,NaN\n", 1),
    ("another window", "till.csv", b"id,day,total\nA1,2025-09-01,10.5\n", None),
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "name", "content", "landing"),
    [pytest.param(*one, id=f"{one[1]}-{one[0]}".replace(" ", "_")) for one in KINDS],
)
def test_a_hostile_file_ends_in_a_clear_error_or_costs_a_row(
    kind: str,
    name: str,
    content: bytes,
    landing: int | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(text, "LARGEST_TEXT_BYTES", 2**23)
    monkeypatch.setattr(text, "LARGEST_UNPACKED_BYTES", 2**24)
    orders = Folder(tmp_path, "orders", ORDERS, "till.*").write(name, content)
    began, said, landed = time.monotonic(), "", 0
    try:
        landed = orders.land().row_count
    except TrueupError as error:
        said = str(error)
        assert isinstance(error, BrokenContract) and "source: files" in said and "next step" in said
        assert len(said) < 1_500
    seconds = time.monotonic() - began
    came_to = said and "BrokenContract" or f"{landed} rows"
    record_property(
        "hostile", ("files", "orders", f"{kind} ({name})", came_to, f"{seconds:.1f}", 0, said[:70])
    )
    assert seconds < 25
    assert landed == (landing or 0) and bool(said) is (landing is None)
    kept = b"".join(path.read_bytes() for path in (tmp_path / "landing").rglob("*.*"))
    assert PERSON not in said + capsys.readouterr().out and PERSON.encode() not in kept
    if said:
        assert not list((tmp_path / "landing").rglob("*.manifest.json"))
