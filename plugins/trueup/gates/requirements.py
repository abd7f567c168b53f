"""What keeps a source's day from being delivered, or a build from going out: each an error."""

from __future__ import annotations

from trueup.errors import GateError, Held, Incomplete, Late
from trueup.gates.findings import Verdict
from trueup.landing.landed import Landed


def check_delivered(landed: Landed) -> None:
    """Raises what keeps the day of the source from being delivered: Incomplete where streams or
    accounts did not land, Late where the vendor had not written the day that was to land."""
    if landed.failed:
        error = Incomplete(
            f"{len(landed.failed)} of {landed.source} did not land"
            + (", the rest did" if landed.loads else ""),
            source=landed.source,
            got=" | ".join(landed.causes()),
            next_step=f"mend what it names, then `trueup land {landed.source}`",
        )
        error.permanent = all(one.is_permanent for one in landed.failed)
        raise error
    for stream, through in landed.late.items():
        raise Late(
            "the vendor has not written the newest day yet; what is there is landed",
            source=landed.source, stream=stream,
            expected=landed.day,
            got=f"written through {through}",
            next_step="nothing, if it is early: the next day's run catches up. Sooner: `trueup land"
            f" {landed.source}`, or clear the task `land`. Late every day: set the source's"
            " due_after_hours in the company file",
        )  # fmt: skip


def require_fit(verdict: Verdict) -> None:
    """Raises Held where a gate holds data back, GateError where it could not run."""
    if verdict.outcome == "hold":
        aside = (
            f"{len(verdict.held_loads)} load(s) are set aside; `trueup loads` lists them, `trueup"
            " restore LOAD` takes one back"
        )
        published = "mend what it names, or release it: `trueup publish --release WHO --why WHY`"
        raise Held(verdict.summary(most=5), next_step=aside if verdict.held_loads else published)
    if verdict.outcome == "gate-error":
        raise GateError(verdict.summary(most=5), next_step="mend the suite and run again")


def require_delivered(landed: Landed, verdict: Verdict) -> None:
    """Raises what keeps the day of the source from being delivered: streams that did not land,
    loads that are held, a gate that could not run, a vendor that is late."""
    if not landed.failed:
        require_fit(verdict)
    check_delivered(landed)
