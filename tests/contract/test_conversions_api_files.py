"""Server-side events: logs as what rotates, packs and ships them leaves them."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from contract.server_log import DAY, access_to, land, rows, set_aside
from trueup.errors import BrokenContract
from trueup.landing.gaps import OpenDays
from trueup.sources.contract import Absent
from trueup.sources.conversions_api import SOURCE
from trueup.sources.conversions_api.streams import ATTEMPTS
from trueup.window import Window


def text(*events: str, day: int = 10) -> bytes:
    """Lines of a log, one of each event id."""
    lines = [
        {
            "sent_at": f"2026-09-{day}T10:00:00Z", "destination": "meta", "pixel_id": "7142",
            "event_name": "Purchase", "event_id": event, "http_status": 200,
        }
        for event in events
    ]  # fmt: skip
    return "".join(json.dumps(one) + "\n" for one in lines).encode()


LIST = b"[" + b",".join(text("1", "2").splitlines()) + b"]"
#: How a log may lie in its folder: two events in each.
FOLDERS: dict[str, dict[str, bytes]] = {
    "called a log": {"sent.log": text("1", "2")},
    "rotated by number": {"sent.jsonl": text("1"), "sent.jsonl.1": text("2")},
    "rotated by number and packed": {
        "sent.jsonl": text("1"), "sent.jsonl.2.gz": gzip.compress(text("2")),
    },
    "rotated by day": {"sent.jsonl": text("1"), "sent.jsonl-20260910": text("2")},
    "packed without a name that says so": {"sent.jsonl": gzip.compress(text("1", "2"))},
    "unpacked on its way": {"sent.jsonl.gz": text("1", "2")},
    "cut while its writer kept its place": {"sent.jsonl": bytes(5000) + text("1", "2")},
    "a line lost to zeros": {"sent.jsonl": bytes(40) + text("1", "2")},
    "a list in each line": {"sent.jsonl": LIST + b"\n" + LIST + b"\n"},
    "a list over many lines": {"sent.json": LIST.replace(b"},{", b"},\n{")},
    "two files put together, each with its mark": {
        "sent.jsonl": b"\xef\xbb\xbf" + text("1") + b"\xef\xbb\xbf" + text("2"),
    },
    "a folder of the same name": {"sent.old/x.jsonl": text("9"), "sent.jsonl": text("1", "2")},
    "a table": {"sent.csv": b"sent_at,platform,pixel_id,action,event_id,status\n"
                b"2026-09-10T10:00Z,meta,7142,A,1,200\n2026-09-10T10:00Z,meta,7142,A,2,200\n"},
}  # fmt: skip


def write(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)


@pytest.mark.parametrize("name", FOLDERS)
def test_a_log_is_read_however_it_lies_there(landing: Any, tmp_path: Path, name: str) -> None:
    write(tmp_path, FOLDERS[name])
    access = access_to(None, tmp_path, {"name": "sender", "path": "sent.*"})
    (load,) = land(landing, access, window=DAY)
    assert [row["event_key"] for row in rows(landing, load)] == ["1", "2"]
    assert [one for one in set_aside(landing, load) if one["kind"] != "duplicate"] == []


UNREADABLE = {
    "packed and cut off": gzip.compress(text("1", "2"))[:-12],
    "another encoding": '{"event_name": "Olá"}\n'.encode("latin-1"),
    "a list that is cut off": LIST[:-40],
    "packed by a program nobody knows": b"\x28\xb5\x2f\xfd" + bytes(range(200, 256)),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_cannot_be_read_costs_no_other(landing: Any, tmp_path: Path, name: str) -> None:
    write(tmp_path, {"sent.a.jsonl": UNREADABLE[name], "sent.b.jsonl": text("3")})
    access = access_to(None, tmp_path, {"name": "sender", "path": "sent.*"})
    (load,) = land(landing, access, window=DAY)
    assert [row["event_key"] for row in rows(landing, load)] == ["3"]
    assert any("sent.a.jsonl cannot be read" in note for note in load.notes)
    (tmp_path / "sent.b.jsonl").unlink()
    with pytest.raises(BrokenContract, match="cannot be read"):
        land(landing, access, window=DAY)


def test_the_day_of_a_file_that_cannot_be_read_stays_open(landing: Any, tmp_path: Path) -> None:
    """Its lines would be missed by no count: the other days land once they are asked for alone."""
    write(tmp_path, {
        "sent-2026-09-10.jsonl": text("1"),
        "sent-2026-09-11.jsonl.gz": gzip.compress(text("2", day=11))[:-12],
        "sent-2026-09-12.jsonl": text("3", day=12),
    })  # fmt: skip
    access = access_to(None, tmp_path, {"name": "sender", "path": "sent-*"})
    with pytest.raises(OpenDays, match="sent-2026-09-11.jsonl.gz cannot be read") as raised:
        land(landing, access, window=Window(date(2026, 9, 10), date(2026, 9, 13)))
    assert raised.value.days == (date(2026, 9, 11),)
    beside = [one for one in SOURCE.extract(access, ATTEMPTS, DAY) if isinstance(one, Absent)]
    assert [one.kind for one in beside] == ["part"]
