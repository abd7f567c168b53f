"""What a person sees after a run: channels, verdicts, freshness, and what to try next."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import duckdb
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from trueup import settings
from trueup.alerts import incidents
from trueup.company.workspace import StateFolder
from trueup.errors import TrueupError
from trueup.gates import verdicts

WIDTH = 110

CHANNELS = """
select
    channel,
    sum(spend_amount) as spend,
    sum(claimed_amount) as claimed,
    sum(ga4_amount) as ga4,
    sum(reconciled_revenue_amount) as reconciled,
    sum(claimed_amount) / nullif(sum(spend_amount), 0) as claimed_roas,
    sum(reconciled_revenue_amount) / nullif(sum(spend_amount), 0) as reconciled_roas
from marts.fct_channel_daily
group by channel
order by spend desc nulls last, reconciled desc nulls last
"""


def render(place: StateFolder) -> str:
    """The report on the published mart as text, at most WIDTH columns wide."""
    if not place.mart.exists():
        raise TrueupError(
            f"nothing has been published to {place.mart}", next_step="run `make run` first"
        )
    with duckdb.connect(str(place.mart), read_only=True) as con:
        parts = [_channels(con), _claims(con), _freshness(con)]
    parts += [_verdicts(place), _incidents(place), _next_steps(place)]
    return "\n".join(part for part in parts if part)


def _channels(con: duckdb.DuckDBPyConnection) -> str:
    since, until, currency = con.execute(
        "select min(report_date), max(report_date),"
        " (select any_value(reporting_currency) from health.fct_build)"
        " from marts.fct_channel_daily"
    ).fetchone()
    table = Table(
        title=f"{since} to {until}, {currency}",
        title_justify="left",
        box=SIMPLE_HEAD,
        padding=(0, 1),
    )
    table.add_column("channel", no_wrap=True)
    for name in ("spend", "claimed", "GA4", "reconciled", "claimed ROAS", "reconciled ROAS"):
        table.add_column(name, justify="right")
    rows = con.execute(CHANNELS).fetchall()
    for channel, *numbers in rows:
        table.add_row(channel, *map(_money, numbers[:4]), *map(_ratio, numbers[4:]))
    totals = [sum((row[i] or 0) for row in rows) for i in (1, 4)]
    table.add_section()
    # Claims of different platforms are not one sum; the line below says what they add up to.
    table.add_row("all", _money(totals[0]), "", "", _money(totals[1]), "", "")
    return _text(table)


def _claims(con: duckdb.DuckDBPyConnection) -> str:
    """What platforms claim beside what came in: for goals several of them claim, and in all.

    Only here, and only in words, are claims of different platforms put together: what they
    share is counted by each, which is the point.
    """
    claimed = con.execute(
        "select goal, platform, sum(claimed_amount) from marts.fct_platform_claims"
        " where is_headline group by 1, 2 having sum(claimed_amount) > 0 order by 1, 2"
    ).fetchall()
    came_in = dict(
        con.execute(
            "select goal, sum(net_amount) from marts.fct_conversions group by 1"
            " having sum(net_amount) > 0"
        ).fetchall()
    )
    sentences = []
    for goal in sorted({goal for goal, _, _ in claimed} & came_in.keys()):
        shares = {platform: amount for g, platform, amount in claimed if g == goal}
        if len(shares) > 1:
            sentences.append(_comparison(goal, shares, came_in[goal]))
    everything: dict[str, Decimal] = {}
    for _, platform, amount in claimed:
        everything[platform] = everything.get(platform, Decimal(0)) + amount
    if len(everything) > 1 and came_in:
        label = "all values claimed (enquiries at the value platforms were given)"
        sentences.append(_comparison(label, everything, sum(came_in.values(), Decimal(0))))
    return "\n".join(sentences)


def _comparison(label: str, shares: dict[str, Decimal], came_in: Decimal) -> str:
    total = sum(shares.values())
    parts = " + ".join(f"{platform} {_money(amount)}" for platform, amount in shares.items())
    verb = "exceed" if total > came_in else "stay below"
    return (
        f"{label}: {parts} = {_money(total)}\n"
        f"    the claims together {verb} the {_money(came_in)} that came in: {total / came_in:.0%}"
    )


def _freshness(con: duckdb.DuckDBPyConnection) -> str:
    stale = con.execute(
        "select source, min(landed_through) from health.fct_freshness where is_stale"
        " group by 1 order by 1"
    ).fetchall()
    if not stale:
        return "Every source has landed the newest day."
    lines = ", ".join(f"{source} (through {through})" for source, through in stale)
    return f"STALE: {lines}"


def _verdicts(place: StateFolder) -> str:
    newest: dict[str, dict[str, Any]] = {}
    for verdict in verdicts.recent(place.gates):
        newest.setdefault(verdict["gate"], verdict)
    lines = []
    for gate, verdict in sorted(newest.items()):
        bad = [check for check in verdict["checks"] if check["verdict"] != "pass"]
        lines.append(f"gate {gate}: {verdict['outcome']} ({len(verdict['checks'])} checks)")
        lines += [
            f"    {check['verdict']}: {check['suite']}: {check['why'] or check['expectation']}"
            f" [{check['observed']}]"
            for check in bad
        ]
    return "\n".join(lines)


def _incidents(place: StateFolder) -> str:
    return "\n".join(
        f"OPEN since {incident.opened_at[:16]}Z: {incident.title}"
        for incident in incidents.all_open(place.incidents)
    )


def _next_steps(place: StateFolder) -> str:
    config = settings.read()
    is_default = config.company_file == config.project / "company.yml"
    trueup = f".venv/bin/trueup{'' if is_default else f' --company {config.company_file}'}"
    query = f"{trueup} query 'from marts.fct_campaign_daily limit 20'"
    steps = {
        "make tomorrow": "one more day, with what the platforms restate" if is_default else "",
        "make down": "stop what runs leave up for the next one: Airflow, and the demo's vendors",
        ".venv/bin/trueup --help": "every step by hand",
    }
    return "\n".join(
        [f"\nThe mart is {place.mart} (schema marts). Next, for example:", f"  {query}"]
        + [f"  {command:<23}   {what}" for command, what in steps.items() if what]
    )


def _money(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,.2f}"


def _ratio(value: Any) -> str:
    return "" if value is None else f"{value:.2f}"


def _text(table: Table) -> str:
    console = Console(file=io.StringIO(), width=WIDTH, record=True, color_system=None)
    console.print(table)
    return "\n".join(line.rstrip() for line in console.export_text().splitlines())
