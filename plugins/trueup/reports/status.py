"""What a person sees after a run: what is wrong first, then what the mart says."""

from __future__ import annotations

import shlex

import duckdb

from trueup import settings
from trueup.alerts import incident_files
from trueup.alerts.incidents import worst_first
from trueup.alerts.receivers.message import inert
from trueup.company.workspace import StateFolder, Workspace
from trueup.errors import TrueupError
from trueup.gates import verdicts
from trueup.gates.findings import LANDING, Finding, Verdict
from trueup.reports import channels, gaps
from trueup.settings import Settings

#: What the demo's first mart needs: its vendors, whose secrets they give out.
DEMO_STEPS = (
    "Next, of the demo: `make run`; or by hand `make up`, then",
    '  eval "$(PYTHONPATH=tests .venv/bin/python -m sandbox env)"',
    "  .venv/bin/trueup run --without-airflow"
    ' --day "$(PYTHONPATH=tests .venv/bin/python -m sandbox yesterday)"',
)
#: Reasons of a verdict that are shown; the rest is counted.
MOST_REASONS = 5


def has_something(work: Workspace) -> bool:
    """Whether there is anything to report of: a mart, or what a gate said."""
    return work.state.mart.exists() or bool(verdicts.newest(work.state.gates))


def render(work: Workspace) -> str:
    """The report as text: open incidents, verdicts, rows set aside and what is missing; then the
    published mart, at most channels.WIDTH columns wide."""
    if not has_something(work):
        raise TrueupError(
            f"nothing has been published to {work.state.mart}",
            next_step="`make run`, or by hand `trueup build`, `trueup gate`, `trueup publish`",
        )
    opened = _incidents(work.state)
    missing = gaps.missing(work)
    parts = [*opened, *_verdicts(work.state), *gaps.set_aside(work), *missing]
    if not work.state.mart.exists():
        return "\n".join([*parts, *_unpublished(work)])
    if not opened and not missing:
        parts.append("Every source has landed the newest day.")
    with duckdb.connect(str(work.state.mart), read_only=True) as con:
        parts += ["", channels.table(con), channels.claims(con)]
    return "\n".join([*parts, "", *_whose_commands(work.settings), _next_steps(work.state)])


def _incidents(state: StateFolder) -> list[str]:
    return [
        f"OPEN since {incident.opened_at:%Y-%m-%d %H:%M}Z: {incident.notice.kind}:"
        f" {inert(incident.notice.line, keep='')} [{incident.id}]"
        for incident in worst_first(incident_files.all_open(state.incidents))
        if not incident.notice.group
    ]


def _verdicts(state: StateFolder) -> list[str]:
    """What each gate last said: the reasons of one that objects, the rest on one line."""
    newest = verdicts.newest(state.gates)
    lines: list[str] = []
    for verdict in newest:
        if verdict.failed:
            lines.append(f"gate {verdict.gate}: {verdict.outcome} ({len(verdict.findings)} checks)")
            lines += [*_released(state, verdict), *_reasons(verdict)]
    fit = [verdict for verdict in newest if not verdict.failed]
    if fit:
        names = ", ".join(verdict.gate.removeprefix(LANDING) for verdict in fit)
        checks = sum(len(verdict.findings) for verdict in fit)
        lines.append(f"gates that pass: {names} ({checks} checks)")
    return lines


def _released(state: StateFolder, verdict: Verdict) -> list[str]:
    """Who published in spite of it, and why: a hold reads as nothing published otherwise."""
    release = verdicts.last(state.gates, verdicts.RELEASE)
    if not release or not verdict.build_id or release.build_id != verdict.build_id:
        return []
    who = sorted({f"{one.released_by}: {one.reason}" for one in release.findings})
    return [f"    published all the same: released by {inert(name, keep='')}" for name in who]


def _reasons(verdict: Verdict) -> list[str]:
    lines = [
        line
        for finding in verdict.failed[:MOST_REASONS]
        for line in (f"    {finding.line}", *_where_to_look(finding))
    ]
    more = len(verdict.failed) - MOST_REASONS
    shown = "health.fct_gate_results, once it is published, has all of them"
    return [*lines, f"    and {more} more; {shown}"] if more > 0 else lines


def _where_to_look(finding: Finding) -> list[str]:
    """What shows its rows and what says what to do, of those that there are."""
    rows = f"rows: `trueup query --finding {finding.short_id}`" if finding.query else ""
    said = "; ".join(filter(None, (rows, finding.runbook)))
    return [f"        {said}"] if said else []


def _unpublished(work: Workspace) -> list[str]:
    """Where there is no mart: what has landed, what has not, and how to get to one."""
    sources = sorted(work.company.sources)
    landed = [
        name
        for name in sources
        if any(work.landing.loads(name, one.name) for one in work.company.module(name).streams)
    ]
    not_landed = ", ".join(name for name in sources if name not in landed)
    lines = [
        f"Nothing is published to {work.state.mart} yet.",
        f"Landed: {', '.join(landed) or 'nothing'}." + (f" Not: {not_landed}." * bool(not_landed)),
    ]
    if any(verdict.outcome == "hold" for verdict in verdicts.newest(work.state.gates)):
        return [*lines, "Next: what holds it stands above, each with its section of the runbook."]
    if _is_demo(work.settings):
        return [*lines, *DEMO_STEPS]
    is_refused = any(verdict.failed for verdict in verdicts.newest(work.state.gates))
    first = "mend what stands above" if is_refused else "`trueup check`"
    return [*lines, *_whose_commands(work.settings), f"Next: {first}, then `trueup run`."]


def _whose_commands(config: Settings) -> list[str]:
    """Messages name commands as they are typed for the company of this folder."""
    if _is_demo(config):
        return []
    return [
        "The commands above are of this company once you have typed"
        f" `export TRUEUP_COMPANY={shlex.quote(str(config.company_file))}`."
    ]


def _is_demo(config: Settings) -> bool:
    return config.company_file == config.project / "company.yml"


def _next_steps(state: StateFolder) -> str:
    config = settings.read()
    is_demo = _is_demo(config)
    trueup = f".venv/bin/trueup{'' if is_demo else f' --company {config.company_file}'}"
    query = f"{trueup} query 'from marts.fct_campaign_daily limit 20'"
    page = f"The page to look at is {state.report}. " if state.report.exists() else ""
    steps = {
        "make tomorrow": "one more day, with what the platforms restate",
        "make down": "stop what runs leave up for the next one: Airflow, and the demo's vendors",
    }
    by_hand = {".venv/bin/trueup --help": "every step by hand"}
    return "\n".join(
        [f"The mart is {state.mart} (schema marts). {page}Next, for example:", f"  {query}"]
        + [
            f"  {name:<23}   {what}"
            for name, what in ((steps if is_demo else {}) | by_hand).items()
        ]
    )
