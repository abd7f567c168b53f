"""What needs a person: incidents, findings, rows set aside, what is stale or missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from trueup.reports.page.mart_file import Head, MartFile

#: Lists longer than this are cut, and the rest counted: a person acts on the first few.
MOST_LINES = 12
#: Incidents that are over are listed where their days are among those shown.
LATELY = timedelta(days=90)
#: Accounts that were missing longer ago than this are of the past.
RECENT = timedelta(days=7)


@dataclass(frozen=True)
class Incident:
    """An open incident, as health.fct_incidents has it."""

    severity: str
    family: str
    system: str
    what: str
    onset: date | None
    at_risk: Decimal | None
    currency: str
    suspected: str | None
    owner: str | None
    runbook: str | None
    observed: str | None


@dataclass(frozen=True)
class Over:
    """An incident that is over: its days stay marked in the daily marts, up to `until`."""

    family: str
    system: str
    what: str
    onset: date | None
    until: date | None


@dataclass(frozen=True)
class Finding:
    """A check that did not pass."""

    gate: str
    table: str
    segment: str | None
    verdict: str
    why: str
    observed: str
    since: date | None
    money: Decimal | None
    currency: str | None
    runbook: str | None


@dataclass(frozen=True)
class SetAside:
    """Rows of one stream that are set aside for one reason."""

    source: str
    stream: str
    reason: str
    is_lost: bool
    rows: int
    money: Decimal | None
    currency: str | None
    newest: date | None


@dataclass(frozen=True)
class Lack:
    """Something that had not landed: a stream's newest day, days between others, an account."""

    what: str
    where: str
    since: str


@dataclass(frozen=True)
class Attention:
    """What a person should look at. A list is None where the mart has no table for it."""

    verdicts: dict[str, int]
    released_by: str
    incidents: list[Incident] | None
    over: list[Over]
    findings: list[Finding]
    set_aside: list[SetAside] | None
    lacks: list[Lack]

    @property
    def verdict(self) -> str:
        """The worst that the mart's own gate said; empty where nobody judged."""
        worst = (name for name in ("hold", "gate-error", "warn", "pass") if name in self.verdicts)
        return next(worst, "")


INCIDENTS = """
select severity, cause_family, system, what, onset_date, amount_at_risk, currency_code,
    suspected_change, owner, runbook, observed
from health.fct_incidents
where status = 'open'
order by severity = 'page' desc, amount_at_risk desc nulls last, onset_date, incident_id
"""
OVER = """
select cause_family, system, what, onset_date, resolved_date - 1
from health.fct_incidents
where status = 'resolved' and resolved_date > ?::date
order by resolved_date desc, onset_date desc, incident_id
"""
# The record keeps every verdict; what holds is each gate's newest. A release is no verdict.
NEWEST = """
with verdicts as (
    select *, max(checked_at) over (partition by gate) as newest_at
    from health.fct_gate_results where coalesce(released_by, '') = '' and gate <> 'release'
),
newest as (
    select * from verdicts where checked_at is not distinct from newest_at
)
"""
VERDICTS = f"{NEWEST} select verdict, count(*) from newest where gate = 'mart' group by 1"
# Of the newest verdict alone: who released an earlier mart has not released this one.
RELEASED = f"""{NEWEST}
select max(released_by) from health.fct_gate_results
where released_by <> '' and checked_at >= (select max(checked_at) from newest where gate = 'mart')
"""
# Incidents are findings of the mart's gate too; they are listed once.
FINDINGS = f"""{NEWEST}
select gate, table_name, segment, verdict, why, observed, since_date, affected_amount_local,
    currency_code, runbook
from newest
where verdict in ('hold', 'gate-error', 'warn') and table_name <> 'fct_incidents'
order by case verdict when 'hold' then 0 when 'gate-error' then 1 else 2 end, gate, table_name,
    check_name, segment
"""
SET_ASIDE = """
select source, stream, reason, is_lost, sum(row_count), sum(amount_local), currency_code, max(day)
from health.fct_set_aside
group by source, stream, reason, is_lost, currency_code
order by is_lost desc, sum(row_count) desc, source, stream, reason, currency_code
"""
# One line for what an account lacks alike: a list of streams would be cut before the next source.
STALE = """
select source, account_id, landed_through, string_agg(distinct stream, ', ' order by stream)
from health.fct_freshness where is_stale group by all order by all
"""
MISSING_DAYS = """
select source || '.' || stream, account_id, first_date, last_date
from health.fct_missing_days order by last_date desc, source, stream, account_id
"""
MISSING_ACCOUNTS = """
select missing_accounts, min(report_date), max(report_date)
from marts.fct_campaign_daily
where missing_accounts is not null and report_date > ?::date
group by 1 order by 1
"""


def read(mart: MartFile, head: Head) -> Attention:
    verdicts: dict[str, int] = {}
    findings: list[Finding] = []
    released = ""
    if mart.has("health.fct_gate_results"):
        verdicts = dict(mart.rows(VERDICTS))
        findings = [Finding(*row) for row in mart.rows(FINDINGS)]
        released = mart.rows(RELEASED)[0][0] or ""
    has_incidents = mart.has("health.fct_incidents")
    has_set_aside = mart.has("health.fct_set_aside")
    return Attention(
        verdicts,
        released,
        [Incident(*row) for row in mart.rows(INCIDENTS)] if has_incidents else None,
        _over(mart, head) if has_incidents else [],
        findings,
        [SetAside(*row) for row in mart.rows(SET_ASIDE)] if has_set_aside else None,
        _lacks(mart, head),
    )


def _over(mart: MartFile, head: Head) -> list[Over]:
    if not head.through:
        return []
    return [Over(*row) for row in mart.rows(OVER, [head.through - LATELY])]


def _lacks(mart: MartFile, head: Head) -> list[Lack]:
    found: list[Lack] = []
    if mart.has("health.fct_freshness"):
        for source, account, newest, streams in mart.rows(STALE):
            reach = f"landed through {newest}" if newest else "nothing has landed"
            found.append(Lack("stale", place(source, account), f"{reach}: {streams}"))
    if mart.has("health.fct_missing_days"):
        for stream, account, first, last in mart.rows(MISSING_DAYS):
            days = f"{first}" if first == last else f"{first} to {last}"
            found.append(Lack("missing days", place(stream, account), days))
    if mart.has("marts.fct_campaign_daily") and head.through:
        for accounts, first, last in mart.rows(MISSING_ACCOUNTS, [head.through - RECENT]):
            days = f"{first}" if first == last else f"{first} to {last}"
            found.append(Lack("missing account", accounts, days))
    return found


def place(table: str, segment: str | None) -> str:
    """A table, stream or source, and which account or segment of it."""
    return f"{table} ({segment})" if segment else table
