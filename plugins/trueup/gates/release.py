"""Publishing by the verdict: what nobody judged never goes out, what is held only by a person's
word, which is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from trueup.build import mart_pages
from trueup.company.workspace import Workspace
from trueup.errors import TrueupError, UnfitData
from trueup.gates import mart_gate, verdicts
from trueup.gates.findings import Verdict
from trueup.publish import swap
from trueup.publish.swap import PublishedMart


@dataclass(frozen=True)
class Published:
    """A mart that readers see from now on, and the verdict on it; None where nobody judged it."""

    path: Path
    at: datetime
    verdict: Verdict | None = None
    released_by: str = ""


def publish(work: Workspace, verdict: Verdict | None = None, released_by: str = "") -> Published:
    """Put the built marts in place of the published file, with what gates said of them."""
    now = datetime.now(UTC)
    mart_gate.load_results(work.state.gates, work.state.build_file)
    path = swap.publish(
        work.state.build_file,
        PublishedMart(work.state.mart, work.state.history),
        now,
        mart_pages.comments(work.settings.dbt_project),
    )
    print(f"published {path}")
    return Published(path, now, verdict, released_by)


def publish_unless_held(work: Workspace, released_by: str, reason: str) -> Published:
    """Publish if the verdict on this very build allows it, or a person releases it."""
    if released_by and not reason.strip():
        raise TrueupError("a hold is not released without a reason", next_step="say why: `--why`")
    verdict = verdicts.last(work.state.gates, "mart")
    if not verdict or verdict.build_id != mart_gate.completed_build(work.state.build_file):
        raise TrueupError(
            "the mart is not published: this build has not been judged",
            next_step="run `trueup gate`, or clear the task `gate`",
        )
    is_held = verdict.outcome not in ("pass", "warn")
    if is_held:
        if not released_by:
            raise UnfitData(
                f"the mart is not published: the gate's verdict is {verdict.outcome}",
                got="; ".join(finding.line for finding in verdict.failed[:3]),
                next_step="mend what it names and build again, or release it with"
                " `trueup publish --release WHO --why WHY`",
            )
        now = datetime.now(UTC)
        verdicts.record_release(work.state.gates, verdict, released_by, reason, now)
    return publish(work, verdict, released_by if is_held else "")
