"""Runs dbt, in a process of its own, and reads what it did.

A process of its own because dbt keeps its DuckDB file open for as long as it lives, and
because it costs seconds of imports that nothing else needs.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from trueup.build import dbt_results
from trueup.build.dbt_results import Node
from trueup.company import channels
from trueup.errors import Interrupted, NoRoom, UnfitData, is_of_a_full_disk
from trueup.sources import registry, shapes

#: dbt's exit codes where it came to its end and some nodes failed, and where it did not.
FAILURES, NO_END = 1, 2
LOG = "dbt.log"
#: With less left than this many bytes nothing of dbt's can be written.
LEAST_ROOM = 2**20


def fingerprint(project: Path) -> str:
    """A hash of everything beside the company that decides what is built: the project, what its
    models learn of the sources, and the engine, whose types the views of a build file keep."""
    learnt = json.dumps(variables(), sort_keys=True)
    digest = hashlib.sha256(f"{duckdb.__version__} {learnt}".encode())
    for path in sorted(project.rglob("*")):
        if path.suffix in (".sql", ".yml", ".csv") and path.is_file():
            digest.update(path.relative_to(project).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def build(
    project: Path,
    build_file: Path,
    target: Path,
    *,
    sources: Collection[str] = registry.NAMES,
    has_views: bool = False,
    progress: Callable[[str], None] = print,
) -> list[Node]:
    """Models and data tests of the project, into `build_file`; what tests found is left to the
    gate. Staging of other than the company's `sources` is left out, and so are views where the file
    `has_views` of the same project: they stay as they are. Raises UnfitData naming the models that
    failed, or Interrupted where dbt itself did not come to an end.

    `target` takes dbt's artifacts and logs, so the project folder stays clean. Unit tests check
    the models, not the data: they run with the project's own tests.
    """
    target.mkdir(parents=True, exist_ok=True)
    (target / LOG).unlink(missing_ok=True)

    def invoke(*arguments: str) -> list[Node]:
        return _invoke(project, build_file, target, arguments, sources, progress)

    # By name, which dbt finds in a tenth of the time that a path takes it.
    absent = [f"fqn:staging.{name}" for name in registry.NAMES if name not in sources]
    left_out = [*absent, "config.materialized:view"] if has_views else absent
    # A view that is left out does not take the tests of its rows with it.
    exclude = ["--indirect-selection", "empty", "--exclude", *left_out] if left_out else []
    # Not --fail-fast: it may note the node that failed as one that was skipped.
    nodes = invoke("build", "--exclude-resource-type", "unit_test", *exclude)
    # dbt skips what stands behind a test that failed; all of it is built, for the gate to judge.
    skipped = [node for node in nodes if node.status == "skipped"]
    if skipped:
        done = [node for node in nodes if node.status != "skipped"]
        again = [("run", [node.name for node in skipped if node.kind != "test"])]
        again += [("test", [node.selector for node in skipped if node.kind == "test"])]
        nodes = done + [
            node for verb, names in again if names for node in invoke(verb, "--select", *names)
        ]
    return nodes


def is_parsed(target: Path) -> bool:
    """Whether dbt parsed the project before; it parses what changed since by itself."""
    return (target / "partial_parse.msgpack").exists()


def parse(project: Path, build_file: Path, target: Path, sources: Collection[str]) -> int:
    """Have dbt parse the project into `target`, for builds of the company's `sources`. Needs no
    build file and says nothing. Returns dbt's exit code."""
    return run(project, build_file, target, ["parse"], lambda line: None, sources)


def _invoke(
    project: Path,
    build_file: Path,
    target: Path,
    arguments: Sequence[str],
    sources: Collection[str],
    progress: Callable[[str], None],
) -> list[Node]:
    """One dbt command and what its nodes came to."""
    (target / dbt_results.RESULTS).unlink(missing_ok=True)
    code = run(project, build_file, target, list(arguments), progress, sources)
    nodes = dbt_results.read(target)
    next_step = f"read {target / LOG}; the last good mart stays published"
    broken = [node for node in nodes if node.is_broken_model]
    if (code or broken) and _is_full(target):
        raise NoRoom(
            "the disk is full: dbt could not build the mart; the last good one stays published",
            got=f"{shutil.disk_usage(target).free // 2**20} MiB left",
            next_step=f"make room for {build_file.parent} and run `trueup build` again: it takes up"
            " what is landed",
        )
    if broken:
        raise UnfitData(
            f"dbt could not build the mart: {len(broken)} of {len(nodes)} nodes failed",
            got="; ".join(f"{node.kind} {node.name}: {node.message}" for node in broken[:5]),
            next_step=next_step,
        )
    is_cut_off = not nodes and (target / dbt_results.RESULTS).exists()
    if is_cut_off or (code and not (code == FAILURES and any(node.is_failed for node in nodes))):
        ended = f"signal {-code}" if code < 0 else f"exit code {code}"
        raise Interrupted(
            "dbt did not come to an end, which says nothing about the data",
            got=ended,
            next_step=next_step,
        )
    return nodes


def _is_full(target: Path) -> bool:
    """Whether the disk is what stopped dbt, which says so in any of its lines, or in none."""
    if shutil.disk_usage(target).free < LEAST_ROOM:
        return True
    if not (target / LOG).exists():
        return False
    with (target / LOG).open(encoding="utf-8", errors="replace") as lines:
        return any(is_of_a_full_disk(line) for line in lines)


def run(
    project: Path,
    build_file: Path,
    target: Path,
    arguments: list[str],
    progress: Callable[[str], None] = print,
    sources: Collection[str] = registry.NAMES,
) -> int:
    """One dbt command; its lines go to `progress` and to dbt.log in `target` as they come.
    Returns dbt's exit code."""
    with _as_url(build_file) as readable:
        return _run(project, readable, target, arguments, progress, sources)


@contextmanager
def _as_url(build_file: Path) -> Iterator[Path]:
    """The file by a path that dbt's adapter reads as it is: it takes paths for URLs, and what comes
    after a # for none of the file's name. The folder stays the same, so its log and lock do too."""
    if "#" not in str(build_file):
        yield build_file
        return
    with TemporaryDirectory(prefix="trueup-") as place:
        link = Path(place) / "state"
        link.symlink_to(build_file.parent, target_is_directory=True)
        yield link / build_file.name


def _run(
    project: Path,
    build_file: Path,
    target: Path,
    arguments: list[str],
    progress: Callable[[str], None],
    sources: Collection[str],
) -> int:
    environment = {
        "TRUEUP_BUILD_PATH": str(build_file),
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(target / "logs"),
        "DBT_WRITE_JSON": "false",  # dbt_command writes what is read
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }
    command = [
        *arguments,
        "--project-dir", str(project), "--profiles-dir", str(project),
        "--vars", json.dumps(variables(sources)),
    ]  # fmt: skip
    target.mkdir(parents=True, exist_ok=True)
    with (target / LOG).open("a", encoding="utf-8", buffering=1) as log:

        def show(line: str) -> None:
            log.write(f"{line}\n")
            progress(line)

        return run_process(command, environment, show)


def run_process(
    arguments: list[str], environment: dict[str, str], show: Callable[[str], None]
) -> int:
    """dbt in a process of its own, its lines shown as they come; its exit code."""
    command = [sys.executable, "-m", "trueup.build.dbt_command", *arguments]
    with subprocess.Popen(  # noqa: S603 -- our own interpreter, no shell
        command,
        env={**os.environ, **environment},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        try:
            for line in process.stdout or ():
                show(line.rstrip())
        except BaseException:  # leaving the block would wait for dbt, however long it hangs
            process.kill()
            raise
    return process.returncode


def variables(sources: Collection[str] = registry.NAMES) -> dict[str, object]:
    """What models learn of `sources`: which provide a shape, and the columns of each; the hosts
    that customers of any vendor share, and which channels are paid for."""
    return {
        "customer_sites": registry.customer_sites(),
        "paid_channels": channels.PAID,
        "shape_sources": {
            shape: [name for name in provided if name in sources]
            for shape, provided in registry.shape_sources().items()
        },
        "shape_columns": {
            one.name: {column.name: column.type for column in shapes.columns(one)}
            for one in (*shapes.SHAPES, shapes.SET_ASIDE)
        },
    }
