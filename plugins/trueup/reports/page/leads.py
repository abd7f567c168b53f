"""Leads as the mart has them: what became of those whose window is over, by channel, stage and how
soon they were answered; and those that are not decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from trueup.reports.page.figures import Span
from trueup.reports.page.formats import divided
from trueup.reports.page.mart_file import Head, MartFile

TABLE = "marts.fct_leads"
#: Leads of so long are looked at: enough for a rare kind of lead, and one of each season.
PERIOD = timedelta(days=365)
#: A lead with whom nobody has spoken for so many days is quiet.
QUIET_DAYS = 14
#: Response times in their order, as fct_leads names them.
BANDS = (
    "within an hour", "within four hours", "within a day", "within three days", "later", "never",
    "not known",
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What became within the window of leads of one goal that share a channel, a stage or a
    response time."""

    goal: str
    group: str
    leads: int
    qualified: int
    won: int
    revenue: Decimal | None

    @property
    def qualified_share(self) -> Decimal | None:
        return divided(self.qualified, self.leads)

    @property
    def won_share(self) -> Decimal | None:
        return divided(self.won, self.leads)

    @property
    def revenue_per_lead(self) -> Decimal | None:
        return divided(self.revenue, self.leads)


@dataclass(frozen=True)
class Goal:
    """Leads of one goal whose window is over."""

    name: str
    window_days: int
    leads: int
    minutes: Decimal | float | None


@dataclass(frozen=True)
class Undecided:
    """Leads of one goal that sales are not done with."""

    goal: str
    unanswered: int
    longest_since: date | None
    still_open: int
    quiet: int
    contacts: Decimal | float | None


@dataclass(frozen=True)
class Leads:
    """`span` is of the leads that are judged; None where no window is over yet."""

    span: Span | None
    goals: list[Goal]
    channels: list[Outcome]
    stages: list[Outcome]
    answered: list[Outcome]
    undecided: list[Undecided]


def read(mart: MartFile, head: Head) -> Leads | None:
    """None where the mart has no leads, or was made before they had a follow-up."""
    if not mart.has(TABLE) or "follow_up" not in mart.columns(TABLE):
        return None
    undecided = [
        Undecided(*row)
        for row in mart.rows(
            f"""
            select goal, count(*) filter (where follow_up = 'unanswered'),
                min(lead_date) filter (where follow_up = 'unanswered'),
                count(*) filter (where follow_up = 'open'),
                count(*) filter (where follow_up = 'open'
                    and last_contact_at < ?::timestamptz - interval {QUIET_DAYS} day),
                median(contact_count) filter (where follow_up = 'open')
            from {TABLE} where follow_up <> 'closed' group by goal order by count(*) desc, goal
            """,
            [head.through or date.min],
        )
    ]
    newest = mart.rows(f"select max(lead_date) from {TABLE} where is_won_in_window is not null")
    last = newest[0][0]
    if not last:
        return Leads(None, [], [], [], [], undecided)
    first = max(last - PERIOD + timedelta(days=1), head.first or date.min)
    span = Span(first, last)
    goals = mart.rows(
        f"""
        select goal, max(window_days), count(*), median(response_minutes) from {TABLE}
        where is_won_in_window is not null and lead_date between ?::date and ?::date
        group by goal order by count(*) desc, goal
        """,
        [first, last],
    )
    answered = _outcomes(mart, span, "coalesce(response_band, 'not known')")
    return Leads(
        span,
        [Goal(*row) for row in goals],
        _outcomes(mart, span, "channel"),
        _outcomes(mart, span, "coalesce(stage_in_window, 'no deal')"),
        sorted(answered, key=lambda one: (*BANDS, one.group).index(one.group)),
        undecided,
    )


def _outcomes(mart: MartFile, span: Span, group: str) -> list[Outcome]:
    """The most leads first."""
    found = mart.rows(
        f"""
        select goal, {group}, count(*), count(*) filter (where is_qualified_in_window),
            count(*) filter (where is_won_in_window), sum(revenue_in_window_amount)
        from {TABLE} where is_won_in_window is not null and lead_date between ?::date and ?::date
        group by 1, 2 order by 3 desc, 1, 2
        """,
        [span.first, span.last],
    )
    return [Outcome(*row) for row in found]
