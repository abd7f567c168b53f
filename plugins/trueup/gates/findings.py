"""What checks find, and the one verdict they add up to.

Whatever judges data, be it a suite, a dbt test, a share of rows set aside or a landing that failed,
speaks in findings: counts, sums, days and names of tables and columns, never a row's values.
"""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from trueup.window import Window

#: `hold`: unfit data, nothing is published. `warn`: the world or a minor rule broke, publish and
#: say so. `gate-error`: the gate itself could not run, which says nothing about the data.
Outcome = Literal["pass", "warn", "hold", "gate-error"]
#: `critical` holds where it fails, `warning` warns.
Severity = Literal["critical", "warning"]

#: Gates of the landing are called by their source: `landing/<source>`.
LANDING = "landing/"
#: The check that an account's or feed's stream lands at all.
NOT_LANDED = "not landed"
#: Letters of a finding's short id.
SHORT_ID = 5
WORST_FIRST: tuple[Outcome, ...] = ("hold", "gate-error", "warn", "pass")


@dataclass(frozen=True)
class Finding:
    """One check of one table, and what came of it.

    `check_name` is the expectation, dbt test or intake rule; `signal` the column or tracking
    signal, `segment` the account, feed, currency or slice it is about. `since_date` is the first
    day concerned; `affected_amount_local` is in `currency_code`. `query` is a command to see the
    rows, `runbook` the section that says what to do.

    Of an incident of the mart's own (`health.fct_incidents`): its `incident_id`, the `identity` it
    keeps for all its life, its `family` and `system`, whether it is a `page` or a `ticket`
    (`urgency`), whose it is (`owner`), the `signals` that moved, what changed just before with the
    `confidence` (0 to 1) that it is why, and what is `not_affected`.

    `since_date` of a landing's finding lies `reach_days` before the newest day that was asked for:
    a landing that asks for fewer has not looked at it. `streams` are those to ask.

    What comes and goes is over once `over_after` judgements in a row were without it.
    """

    gate: str
    check_name: str
    table_name: str
    severity: Severity
    verdict: Outcome
    checked_at: datetime
    signal: str = ""
    segment: str = ""
    why: str = ""
    observed: str = ""
    since_date: date | None = None
    affected_rows: int | None = None
    affected_amount_local: Decimal | None = None
    currency_code: str = ""
    query: str = ""
    runbook: str = ""
    released_by: str = ""
    reason: str = ""
    incident_id: str = ""
    family: str = ""
    system: str = ""
    urgency: Literal["page", "ticket", ""] = ""
    owner: str = ""
    signals: tuple[str, ...] = ()
    suspected_change: str = ""
    confidence: float | None = None
    not_affected: str = ""
    identity: str = ""
    streams: tuple[str, ...] = ()
    reach_days: int = 0
    over_after: int = 1

    @property
    def cause(self) -> str:
        """What tells it apart from every other finding, on every day it comes up again. Of an
        incident of the mart's own: family, system and segment, as they were first taken for and
        whichever opening of it this is."""
        if self.identity:
            return f"{self.table_name} / {self.identity}"
        if self.incident_id:
            named = (self.table_name, self.family, self.system, self.segment)
            return " / ".join(part for part in named if part)
        parts = (self.table_name, self.signal, self.segment, self.check_name)
        return " / ".join(part for part in parts if part)

    @property
    def short_id(self) -> str:
        """Its cause in a word that can be typed."""
        return hashlib.sha256(self.cause.encode()).hexdigest()[:SHORT_ID]

    @property
    def unit(self) -> str:
        """What the gate judges as a whole: a mart, or one account's or feed's stream."""
        return unit_of(self.table_name, self.segment if self.gate.startswith(LANDING) else "")

    @property
    def units(self) -> tuple[str, ...]:
        """Those that are judged anew where somebody looks at it again: of what did not land, its
        streams'."""
        source = self.gate.removeprefix(LANDING)
        named = (unit_of(f"{source}.{stream}", self.segment) for stream in self.streams)
        return tuple(named) or (self.unit,)

    @property
    def where(self) -> str:
        """The table, with the column or signal and the segment it is about."""
        named = ".".join(part for part in (self.table_name, self.signal) if part)
        return f"{named} ({self.segment})" if self.segment else named

    @property
    def what(self) -> str:
        return self.why or self.check_name

    @property
    def how_much(self) -> str:
        """What was measured, since when, and the money it touches."""
        parts = [self.observed] if self.observed else []
        if self.since_date and f"since {self.since_date}" not in self.observed:
            parts.append(f"since {self.since_date}")
        # What moved with it stands behind a semicolon, and is not what the day is of
        text = ("; " if ";" in self.observed else " ").join(parts)
        if self.affected_amount_local is not None:
            money = f"{self.affected_amount_local:,.2f} {self.currency_code}".strip()
            money += " at risk" if self.family else ""
            text = f"{text}, {money}" if text else money
        return text

    @property
    def line(self) -> str:
        """All of it on one line, for logs, errors and lists."""
        text = f"{self.verdict}: {self.where}: {self.what}"
        return f"{text} ({self.how_much})" if self.how_much else text


@dataclass(frozen=True)
class Verdict:
    """A gate's judgement of one batch of data: the worst of its findings decides.

    `loads` are those a landing gate judged, `held_loads` those of them it sets aside, `windows`
    what they were to hold of each unit; `build_id` is the build the mart's gate judged.
    """

    gate: str
    findings: tuple[Finding, ...]
    at: datetime
    loads: tuple[str, ...] = ()
    held_loads: tuple[str, ...] = ()
    build_id: str = ""
    windows: Mapping[str, tuple[Window, ...]] = field(default_factory=dict)

    @property
    def outcome(self) -> Outcome:
        return worst(finding.verdict for finding in self.findings)

    @property
    def failed(self) -> tuple[Finding, ...]:
        """Everything that did not pass, the worst first."""
        found = [finding for finding in self.findings if finding.verdict != "pass"]
        return tuple(sorted(found, key=_weight))

    def has_judged(self, unit: str) -> bool:
        """Whether the verdict says how a unit stands: none but what could not be judged is left
        out by the mart's gate, a landing gate knows the loads of the day alone, and nothing of
        what did not land."""
        about = [x for x in self.findings if x.unit == unit and x.check_name != NOT_LANDED]
        if any(x.verdict == "gate-error" for x in about):
            return False
        return not self.gate.startswith(LANDING) or bool(about) or unit in self.windows

    def summary(self, most: int = 20) -> str:
        """The outcome and its reasons on one line."""
        lines = [finding.line for finding in self.failed]
        more = [f"and {len(lines) - most} more"] if len(lines) > most else []
        head = f"gate {self.gate}: {self.outcome}, {len(self.findings)} checks"
        return "; ".join([head, *lines[:most], *more])


def unit_of(table: str, segment: str) -> str:
    """A table, or one account's or feed's part of it."""
    return f"{table} ({segment})" if segment else table


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    found = set(outcomes)
    return next((outcome for outcome in WORST_FIRST if outcome in found), "pass")


def outcome_of(severity: Severity) -> Outcome:
    """What a check of this severity says where it fails."""
    return "hold" if severity == "critical" else "warn"


def counted(rows: int) -> str:
    return f"{rows:,} row" if rows == 1 else f"{rows:,} rows"


def on_build(sql: str) -> str:
    """The command that shows what `sql` selects from the build, judged or not."""
    return f"trueup query --build {_quoted(sql)}"


def on_load(load_id: str, sql: str) -> str:
    """The command that shows what `sql` selects from table `known`, the rows of one load."""
    return f"trueup query --load {load_id} {_quoted(sql)}"


def on_stream(source: str, stream: str, sql: str) -> str:
    """The command that shows what `sql` selects from table `known`, a stream's rows in force."""
    return f"trueup as-of now {source} {stream} --sql {_quoted(sql)}"


def _quoted(sql: str) -> str:
    text = " ".join(sql.split())
    return shlex.quote(text) if re.search(r'["$`\\!]', text) else f'"{text}"'


def _weight(finding: Finding) -> tuple[int, Decimal, int, str]:
    return (
        WORST_FIRST.index(finding.verdict),
        -abs(finding.affected_amount_local or Decimal(0)),
        -(finding.affected_rows or 0),
        finding.cause,
    )
