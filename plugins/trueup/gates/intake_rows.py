"""What intake could not use, judged load by load from the manifests and the rows set aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from trueup.gates import load_shares, of_files, rows_outside
from trueup.gates.findings import Finding, counted, worst
from trueup.gates.load_shares import Rows
from trueup.gates.money import Money, by_currency, named, together
from trueup.gates.shares import MOST, Judged, Tolerance, total
from trueup.landing.manifest import Load
from trueup.landing.store import Landing

SET_ASIDE = "docs/runbook.md#rows-set-aside"
OUTSIDE = "docs/runbook.md#rows-outside"
NOT_LANDED = "docs/runbook.md#not-landed"


@dataclass(frozen=True)
class Rule:
    """One way for rows not to be used. `may_hold` is false where it warns at most."""

    name: str
    why: str
    runbook: str = SET_ASIDE
    may_hold: bool = False


LOST = Rule("rows lost", "Rows cannot be used and nothing stands in for them", may_hold=True)
EXCLUDED = Rule("rows excluded", "The company's own select leaves rows out, with a reason")
TOTAL = Rule(
    "totals left out",
    "Lines that sum up others of their file, or are a note beside them, are no rows",
)
TWICE = Rule("rows twice", "A key comes more than once; one of its rows is used")
REMOVED = Rule(
    "rows removed",
    "Rows give way to a later file that owns their days and does not hold them",
    of_files.IN_DOUBT,
    may_hold=True,
)
NOT_ASKED = Rule(
    "rows outside",
    "Rows are dated before the history begins or later than the day that lands",
    OUTSIDE,
    may_hold=True,
)


@dataclass(frozen=True)
class Subject:
    """Whose loads are judged, and how; `query` shows the rows, `money` is the column summed."""

    gate: str
    table_name: str
    segment: str
    query: str
    tolerance: Tolerance
    is_witness: bool
    at: datetime
    money: str | None = None
    repeats: bool = False


@dataclass(frozen=True)
class OfLoad:
    """What one load broke of one rule: the rows, by reason, their money by currency ('' where the
    row names none), and of keys that came with unlike rows both rows' money."""

    load_id: str
    rule: Rule
    judged: Judged
    reasons: Counter[str]
    money: Money = field(default_factory=dict)
    unlike: int = 0
    unlike_money: Money = field(default_factory=dict)
    used_money: Money = field(default_factory=dict)
    unlike_files: str = ""


def findings(
    landing: Landing, loads: Sequence[Load], subject: Subject
) -> tuple[list[Finding], list[str]]:
    """A finding for each rule that loads of one account or feed break, one that says so where no
    row is lost, and the loads to hold."""
    found: dict[Rule, list[OfLoad]] = {}
    for load in loads:
        for one in _of_load(landing, load, subject):
            found.setdefault(one.rule, []).append(one)
    held = {x.load_id for of_rule in found.values() for x in of_rule if x.judged.outcome == "hold"}
    broken = [_finding(rule, of_rule, subject) for rule, of_rule in found.items()]
    broken = [finding for finding in broken if finding.verdict != "pass"]
    broken += _lacking(loads, subject)
    broken += of_files.findings(landing, loads, _passed(subject))
    if all(finding.check_name != LOST.name for finding in broken):
        broken.append(_passed(subject))
    return broken, sorted(held)


def _lacking(loads: Sequence[Load], subject: Subject) -> Iterator[Finding]:
    """One finding for all that a vendor did not answer of rows that landed."""
    said = dict.fromkeys(why for load in loads for why in load.lacking)
    if said:
        yield replace(
            _passed(subject),
            check_name="rows landed in part",
            severity="warning",
            verdict="warn",
            why="Rows landed, and something that belongs to them did not come",
            observed="; ".join(said),
            query=f"trueup loads {subject.table_name.partition('.')[0]}",
            runbook=NOT_LANDED,
        )


def _passed(subject: Subject) -> Finding:
    return Finding(
        gate=subject.gate,
        check_name=LOST.name,
        table_name=subject.table_name,
        severity="warning" if subject.is_witness else "critical",
        verdict="pass",
        checked_at=subject.at,
        segment=subject.segment,
        why=LOST.why,
        runbook=LOST.runbook,
    )


def _of_load(landing: Landing, load: Load, subject: Subject) -> Iterator[OfLoad]:
    rows = landing.set_aside_rows(load) if load.set_aside_count or load.outside else []
    for rule in (LOST, EXCLUDED, TOTAL, TWICE, REMOVED):
        if of_rule := [row for row in rows if _rule(row) is rule]:
            judged = load_shares.judge_rows(
                landing, load, of_rule, subject.money, subject.tolerance
            )
            if rule is TWICE and any(row["kind"] == "conflict" for row in of_rule):
                judged = replace(judged, outcome=worst((judged.outcome, "warn")))
            elif rule is TWICE and subject.repeats:
                judged = replace(judged, outcome="pass")
            elif rule is REMOVED and judged.share <= MOST:
                # Some are deleted, as the company says of its files; hardly most of a day's.
                judged = _warning(judged)
            yield _capped(_of_rows(load, rule, judged, of_rule), subject)
    if outside := load.outside:
        judged = rows_outside.judged(load, outside, subject.tolerance)
        dates = Counter({rows_outside.dated(outside): outside.rows})
        listed = [row for row in rows if row["kind"] == "outside"]
        money = by_currency(listed) if len(listed) == outside.rows else {}  # not all are listed
        yield _capped(OfLoad(load.load_id, NOT_ASKED, judged, dates, money), subject)


def _of_rows(load: Load, rule: Rule, judged: Judged, rows: Rows) -> OfLoad:
    unlike = [row for row in rows if rule is TWICE and row["kind"] == "conflict"]
    return OfLoad(
        load.load_id,
        rule,
        judged,
        Counter(map(of_files.reason_of, rows)),
        by_currency(rows),
        len(unlike),
        by_currency(unlike),
        by_currency(unlike, "used_amount"),
        of_files.giving_way(unlike),
    )


def _capped(found: OfLoad, subject: Subject) -> OfLoad:
    """A witness, and a rule that never holds, warn at most."""
    if subject.is_witness or not found.rule.may_hold:
        return replace(found, judged=_warning(found.judged))
    return found


def _warning(judged: Judged) -> Judged:
    return replace(judged, outcome="warn") if judged.outcome == "hold" else judged


def _rule(row: Mapping[str, Any]) -> Rule | None:
    """The rule a row set aside falls under; rows outside are judged by their count, and of
    superseded ones another row is used, as the company says of its files."""
    if row["kind"] in ("outside", "superseded"):
        return None
    of_kind = {"excluded": EXCLUDED, "total": TOTAL, "removed": REMOVED}
    return of_kind.get(row["kind"], LOST if row["is_lost"] else TWICE)


def _finding(rule: Rule, of_rule: Sequence[OfLoad], subject: Subject) -> Finding:
    """All that loads of one account or feed broke of one rule, the worst of them deciding."""
    worst_load = max(of_rule, key=lambda one: (one.judged.outcome == "hold", one.judged.row_share))
    (reason, count), *others = sum((one.reasons for one in of_rule), Counter()).most_common()
    unused = sum(one.judged.unused for one in of_rule)
    days = [one.judged.since for one in of_rule if one.judged.since]
    for_reason = f"{reason} ({counted(count)})" if others else reason
    money = together(one.money for one in of_rule)
    is_of_one = len(money) < 2
    in_all = "" if is_of_one else f", {named(money)}"
    # Of rows that only repeat others nothing is missing, whatever their share.
    is_missing = rule is not TWICE or any(one.unlike for one in of_rule)
    shares = f", {worst_load.judged.shares}" if is_missing else ""
    return Finding(
        gate=subject.gate,
        check_name=rule.name,
        table_name=subject.table_name,
        severity="critical" if rule.may_hold and not subject.is_witness else "warning",
        verdict=worst(one.judged.outcome for one in of_rule),
        checked_at=subject.at,
        segment=subject.segment,
        why=rule.why,
        observed=f"{counted(unused)}{shares}{in_all}: {_unlike(of_rule)}{for_reason}",
        since_date=min(days, default=None),
        affected_rows=unused,
        affected_amount_local=total(one.judged.unused_money for one in of_rule)
        if is_of_one
        else None,
        currency_code="".join(money) if is_of_one else "",
        query=subject.query,
        runbook=rule.runbook,
    )


def _unlike(of_rule: Sequence[OfLoad]) -> str:
    """The rows whose key another row has with other values, which may be an error of either: before
    those that only repeat one."""
    if not (unlike := sum(one.unlike for one in of_rule)):
        return ""
    was = together(one.unlike_money for one in of_rule)
    used = together(one.used_money for one in of_rule)
    amounts = f" ({named(was)}; used {named(used)})" if was and used else ""
    files = "".join(f": {one.unlike_files}" for one in of_rule if one.unlike_files)
    return f"{counted(unlike)} unlike the one that is used{amounts}{files}, "
