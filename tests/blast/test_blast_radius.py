"""A fault costs what it touches: the row, the day, the account, the stream, the source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest import MonkeyPatch

from blast.matrix import CELLS
from blast.scene import Cell, Row, Scene
from trueup.sources.meta_ads import client as meta_client

LEVELS = ("nothing", "row", "day", "account", "stream", "source")
Rows = dict[tuple[Any, ...], Row]


@pytest.fixture(autouse=True)
def _brisk_polls(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(meta_client, "FIRST_POLL", 0.005)


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Any, str, str], Rows]:
    """What lands of a stream where nothing is wrong."""
    kept: dict[tuple[str, str], Rows] = {}

    def find(sandbox: Any, source: str, stream: str) -> Rows:
        if (source, stream) not in kept:
            with MonkeyPatch.context() as patch:
                patch.setattr(meta_client, "FIRST_POLL", 0.005)
                scene = Scene(tmp_path_factory.mktemp("calm"), sandbox, patch)
                landed = scene.land(source, [stream])
                assert not landed.failed and not landed.late
                kept[source, stream] = scene.rows(source, stream)
        return kept[source, stream]

    return find


@pytest.mark.parametrize("cell", [pytest.param(cell, id=cell.name) for cell in CELLS])
def test_a_fault_costs_what_it_touches(
    cell: Cell,
    sandbox: Any,
    calm: Callable[[Any, str, str], Rows],
    tmp_path: Path,
    monkeypatch: MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    expected = {stream: calm(sandbox, cell.source, stream) for stream in cell.streams}
    for other in cell.others:
        calm(sandbox, other, first_stream(other))
    scene = Scene(tmp_path, sandbox, monkeypatch)
    cell.deal(scene)
    landed = scene.land(cell.source, cell.streams)
    said = [text for text in scene.said(landed) if cell.said in text]
    got = {stream: scene.rows(cell.source, stream) for stream in cell.streams}

    came = sum(len(expected[s].keys() & got[s].keys()) for s in cell.streams)
    record_property(
        "blast",
        (cell.level, cell.source, cell.fault, f"{came} of {sum(map(len, expected.values()))} rows",
         said[0][:90] if cell.said and said else ""),
    )  # fmt: skip
    assert bool(landed.failed) is cell.fails, landed.failed
    assert said, scene.said(landed)
    check_cost(cell, expected, got)
    if cell.account:
        assert {one.account for one in landed.failed} == {cell.account}
    for other in cell.others:
        stream = first_stream(other)
        scene.land(other, [stream])
        assert scene.rows(other, stream) == calm(sandbox, other, stream)


def check_cost(cell: Cell, expected: dict[str, Rows], got: dict[str, Rows]) -> None:
    """No more is missing or changed than the cell allows, and that is."""
    missing, changed = [], 0
    for stream, rows in expected.items():
        if stream in cell.lost_streams:
            assert got[stream] == {}
            continue
        assert got[stream].keys() <= rows.keys(), "rows came from nowhere"
        missing += [key for key in rows if key not in got[stream]]
        changed += sum(rows[key] != row for key, row in got[stream].items())
        if cell.days:
            left = {key[1] for key in got[stream]}
            assert left == {key[1] for key in rows} - set(cell.days), stream
    if cell.days:
        assert missing and {key[1] for key in missing} == set(cell.days)
    else:
        assert len(missing) == cell.rows, missing
    assert changed == cell.changed


def first_stream(source: str) -> str:
    return {"fx_rates": "rates", "files": "orders"}[source]


def test_every_level_of_every_source_is_walked() -> None:
    walked = Counter((cell.level, cell.source) for cell in CELLS)
    assert len(CELLS) >= 40
    sources = {"google_ads", "meta_ads", "ga4", "hubspot", "shopify", "fx_rates", "files"}
    # Files are read from a disk, in one stream a feed; the ECB and GA4 have a single stream, and
    # what changes in a CRM or a shop is no matter of days.
    none = {("nothing", "files"), ("source", "files"), ("day", "files"), ("day", "hubspot"),
            ("day", "shopify"), ("stream", "ga4"), ("stream", "fx_rates"),
            ("account", "fx_rates")}  # fmt: skip
    for level in LEVELS:
        for source in sources:
            assert ((level, source) in walked) is ((level, source) not in none), (level, source)
