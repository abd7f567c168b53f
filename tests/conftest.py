"""Fixtures every layer shares: a small world, its vendors on loopback, a landing to write to."""

from __future__ import annotations

import fcntl
import gc
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path

import pytest
import uvicorn

import built
import dbt_in_process
from sandbox import bigquery_storage_grpc
from sandbox.desk import Desk
from sandbox.server import create_app
from sandbox.world import generate
from trueup.build import dbt
from trueup.landing.store import Landing

#: dbt's parsed project and vendors' clients are hundreds of thousands of objects that stay: looking
#: through them for cycles at Python's own pace is a tenth of the time of the tests.
gc.set_threshold(10_000, 10, 10)
SHARED = Path(__file__).parents[2] / "shared"
SECRETS_FILE = Path(__file__).parent / "sandbox" / "demo.env"


@pytest.fixture(scope="session", autouse=True)
def _dbt_in_process(common: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        run = partial(dbt_in_process.run_or_replay, kept=common / "dbt")
        patch.setattr(dbt, "run_process", run)
        yield


@pytest.fixture(scope="session")
def common(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of a run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def made_once(common: Path) -> Callable[[str, Callable[[Path], object]], Path]:
    """The folder of a name, made by whichever worker asks first; the others wait for it."""

    def find(name: str, make: Callable[[Path], object]) -> Path:
        folder, done = common / name, common / f"{name}.done"
        with (common / f"{name}.lock").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            if not done.exists():
                folder.mkdir()
                make(folder)
                done.touch()
        return folder

    return find


@pytest.fixture(scope="session")
def world(made_once) -> Path:
    """A small Harbour House: a tenth of the visits, 1 August to 1 October 2026."""

    def make(folder: Path) -> None:
        generate(folder, start=date(2026, 8, 1), until=date(2026, 10, 1), scale=0.1)

    return made_once("world", make)


@dataclass(frozen=True)
class Sandbox:
    """The running vendors: `url` is their root, `storage_api` the address of BigQuery's Storage
    Read API, `desk` moves the clock and orders faults."""

    url: str
    storage_api: str
    desk: Desk


@pytest.fixture(scope="session")
def _server(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    app = create_app(world, tmp_path_factory.mktemp("sandbox"))
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    with bigquery_storage_grpc.serve(app.state.desk) as storage_api:
        yield Sandbox(f"http://127.0.0.1:{port}", storage_api, app.state.desk)
    server.should_exit = True
    thread.join()


@pytest.fixture
def sandbox(_server: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """The vendors at 15 September 2026, 06:00 UTC, without faults, and an impatient client."""
    monkeypatch.setenv("TRUEUP_HTTP_ATTEMPTS", "3")
    monkeypatch.setenv("TRUEUP_HTTP_BACKOFF_SECONDS", "0.01")
    _server.desk.set_clock(datetime(2026, 9, 15, 6, 0))
    _server.desk.clear_faults()
    return _server


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing(str(tmp_path / "landing"))


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """A file of the shared contracts or real data; skips, saying so, where it is absent."""

    def find(relative: str) -> Path:
        path = SHARED / relative
        if not path.exists():
            pytest.skip(f"{relative} is not beside this checkout (shared/)")
        return path

    return find


@pytest.fixture(scope="session")
def landed_company(_server: Sandbox, made_once, tmp_path_factory) -> built.Company:
    """Harbour House with every source landed through 14 September 2026. Not to be changed."""
    folder = made_once("landed", lambda folder: built.land(folder, _server))
    # The company file names this worker's own vendors.
    return built.describe(tmp_path_factory.mktemp("company"), _server).at(folder / "var")


@pytest.fixture(scope="session")
def built_company(landed_company: built.Company, made_once) -> built.Company:
    """The same with its marts built, neither judged nor published. Not to be changed."""
    folder = made_once("built", lambda folder: built.build(landed_company, folder))
    return landed_company.at(folder / "var")


@pytest.fixture(scope="session")
def published_company(built_company: built.Company, made_once) -> built.Company:
    """The same, found fit by the gate, and published. Not to be changed."""
    folder = made_once("published", lambda folder: built.publish(built_company, folder))
    return built_company.at(folder / "var")
