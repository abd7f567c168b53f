"""dbt within the test's own process, its project parsed once in a run of the tests.

A process of dbt's own spends more on imports and parsing than on a small company's build. What
runs there is the same; tests of Airflow, of typed commands and of a dbt that hangs start it.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import dbt_tables
from dbt_nodes import Works, worked_out
from dbt_replay import Replay
from trueup.build import dbt

#: What a build of the models alone is asked with at the end.
NO_TESTS = ("--exclude-resource-type", "test")
_linked: dict[tuple[int, bool], tuple[Any, Any]] = {}


def run(
    arguments: list[str], environment: dict[str, str], show: Callable[[str], None], *, kept: Path
) -> int:
    """Stands in for dbt.run_process; the parsed project lies in `kept`, for other workers too."""
    from trueup.build import dbt_command

    project = Path(arguments[arguments.index("--project-dir") + 1])
    with _surroundings(environment), _compiled_once():
        manifest = _manifest(dbt.fingerprint(project), project, kept)
        return dbt_command.invoke(arguments, show, manifest=manifest)


def run_or_replay(
    arguments: list[str],
    environment: dict[str, str],
    show: Callable[[str], None],
    *,
    kept: Path,
) -> int:
    """The same; where dbt worked out a node before, what it sent for it is sent. One worker at a
    time makes dbt work nodes out, so that none is worked out by two."""
    project = Path(arguments[arguments.index("--project-dir") + 1])
    file, target = Path(environment["TRUEUP_BUILD_PATH"]), Path(environment["DBT_TARGET_PATH"])
    folder = kept / f"{dbt.fingerprint(project)}.nodes"
    manifest = parsed(project, environment, kept=kept)
    ask_dbt = partial(run, environment=environment, kept=kept)
    if arguments[0] != "build" or manifest is None:
        dbt_tables.as_views(file, target)
        return ask_dbt(arguments, show=show)
    replay = Replay(manifest, arguments, Works(folder), file, target)
    is_all_known = bool(replay.chosen) and not replay.missing
    if is_all_known and (code := replay.made(show)) is not None:
        return code
    with folder.with_suffix(".lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        works = Works(folder)
        replay = Replay(manifest, arguments, works, file, target)
        if not is_all_known and replay.missing < replay.chosen:
            in_silence = partial(ask_dbt, show=lambda line: None)
            if (code := replay.made_with(in_silence, show)) is not None:
                return code
        dbt_tables.as_views(file, target)
        with worked_out(works, file, target, lambda node, con: None) as ended:
            code = ask_dbt(arguments, show=show)
    assert code or not replay.chosen or ended.keys() == replay.chosen, "dbt chose other nodes"
    return code


def parsed(project: Path, environment: dict[str, str], *, kept: Path) -> Any:
    """The manifest of the project, as builds of this run of the tests have it."""
    with _surroundings(environment):
        return _manifest(dbt.fingerprint(project), project, kept)


@contextmanager
def models_alone() -> Iterator[None]:
    """Builds within the block leave out dbt's data tests, which are two fifths of their time: for
    tests that ask what is built and not what is found in it."""

    run_all = dbt.run_process

    def run_models(
        arguments: list[str], environment: dict[str, str], show: Callable[[str], None]
    ) -> int:
        return run_all([*arguments, *NO_TESTS], environment, show)

    with patch.object(dbt, "run_process", run_models):
        yield


@cache
def _manifest(fingerprint: str, project: Path, kept: Path) -> Any:
    """Whichever worker asks first parses the project, which takes sixteen seconds. A project that
    cannot be parsed is none: the command itself says so."""
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    kept.mkdir(exist_ok=True)
    file = kept / f"{fingerprint}.manifest"
    with file.with_suffix(".lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not file.exists():
            file.write_bytes(_parse(project))
    parsed = file.read_bytes()
    return Manifest.from_msgpack(parsed, decoder=extended_mashumuro_decoder) if parsed else None


def _parse(project: Path) -> bytes:
    """With every source: a company's build reads some of what depends on all."""
    from dbt.cli.main import dbtRunner
    from dbt.parser.manifest import extended_mashumaro_encoder

    parsed = dbtRunner().invoke(
        ["--log-level", "none", "--log-level-file", "none", "parse",
         "--project-dir", str(project), "--profiles-dir", str(project),
         "--vars", json.dumps(dbt.variables())]
    )  # fmt: skip
    return parsed.result.to_msgpack(extended_mashumaro_encoder) if parsed.success else b""


@contextmanager
def _compiled_once() -> Iterator[None]:
    """dbt links the nodes of a project anew for each command, which takes it two seconds."""
    from dbt.compilation import Compiler

    link = Compiler.compile

    def linked(self: Any, manifest: Any, write: bool = True, add_test_edges: bool = False) -> Any:
        kind = (id(manifest), add_test_edges)
        if kind not in _linked:
            # The project stays, so that no other has its id.
            _linked[kind] = (manifest, link(self, manifest, write, add_test_edges))
        return _linked[kind][1]

    with patch.object(Compiler, "compile", linked):
        yield


@contextmanager
def _surroundings(environment: dict[str, str]) -> Iterator[None]:
    """dbt finds its file by the environment, and gives it and the folder back at the end."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    folder = os.getcwd()
    with patch.dict(os.environ, environment):
        try:
            yield
        finally:
            DuckDBConnectionManager.close_all_connections()
            os.chdir(folder)
