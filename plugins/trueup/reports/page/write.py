"""Puts the page beside the mart it shows, whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from trueup.company.workspace import Workspace
from trueup.errors import TrueupError
from trueup.gates import verdicts
from trueup.reports.page import document, mart_file


def write(work: Workspace) -> Path:
    """Render the published mart's page and put it in place of the last one."""
    mart = work.state.mart
    if not mart.exists():
        raise TrueupError(
            f"nothing has been published to {mart}",
            next_step="`make run`, or by hand `trueup build`, `trueup gate`, `trueup publish`",
        )
    replace_whole(work.state.report, document.render(mart, _build_id(work)), like=mart)
    return work.state.report


def after_publish(work: Workspace) -> None:
    """The page of a mart just published. One that cannot be written fails no publish: a person is
    notified, and the last page stays."""
    try:
        print(f"report {write(work)}")
    except Exception as error:  # whatever stops the page, the mart is published
        print(f"the report was not written, the last one stays: {type(error).__name__}")
        _tell(work, error)
    else:
        _tell(work, None)


def _tell(work: Workspace, error: Exception | None) -> None:
    """Open or end the incident of the page. Telling fails no publish either."""
    from trueup.alerts import incident_files, on_call, tasks

    notice = tasks.report_not_written(error)
    try:
        if error:
            on_call.notify(notice)
        elif incident_files.read(work.state.incidents, notice.cause):
            on_call.resolve(notice.cause)
    except Exception as failure:
        print(f"nobody could be notified of the report: {type(failure).__name__}")


def replace_whole(path: Path, content: str, like: Path) -> None:
    """Write beside `path`, then rename: a reader has the old page or the new one. Whoever may read
    `like`, the mart it shows, may read the page, and nobody else."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".report-", suffix=".html")
    passing = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        passing.chmod(stat.S_IMODE(like.stat().st_mode))
        os.replace(passing, path)
    except BaseException:
        passing.unlink(missing_ok=True)
        raise


def _build_id(work: Workspace) -> str:
    """The build that the published mart is of: that of the verdict in it; empty where another
    build has been judged since."""
    verdict = verdicts.last(work.state.gates, "mart")
    if not verdict or not verdict.findings:
        return ""
    with mart_file.opened(work.state.mart) as opened:
        judged_at = mart_file.head(opened).judged_at
    newest = max(finding.checked_at for finding in verdict.findings)
    return verdict.build_id if judged_at == newest else ""
