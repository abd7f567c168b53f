"""From a GAQL question to Google's JSON rows, put together by DuckDB rather than row by row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.desk import Desk
from sandbox.vendors.google_ads_fields import ASSETS, DAY, FIELDS, NUMBER, WHOLE
from sandbox.vendors.google_ads_gaql import Condition, Question, parse
from sandbox.vendors.google_ads_refusals import MANAGER
from sandbox.vendors.google_ads_rules import check, days_of
from sandbox.vendors.google_ads_tables import TABLES, ZONE


@dataclass(frozen=True)
class Answer:
    """JSON texts of the rows, the field mask, and how to get the summary row's JSON text."""

    rows: list[str]
    mask: str
    summary: Callable[[], str]


def answer(desk: Desk, customer: str, query: str) -> Answer:
    """What Google answers `customer` at the clock's time, or a Failure."""
    question = parse(query)
    today = desk.now.replace(tzinfo=UTC).astimezone(ZoneInfo(ZONE)).date()
    resource = check(question, today, of_manager=customer == MANAGER)
    fields = list(question.mask)
    if desk.takes_fault("google_ads", "missing_column"):
        fields.pop()
    spoilt = fields[-1] if desk.takes_fault("google_ads", "retyped_column") else None
    where, values = _where([c for c in question.conditions if not _is_metric(c.field)])
    kept, kept_values = _where([c for c in question.conditions if _is_metric(c.field)], len(values))
    last = (days_of(question.conditions) or (None, None))[1]
    if last and desk.takes_fault("google_ads", "empty_day"):
        where += f" and \"segments.date\" < '{last}'"
    if any(name.startswith("segments.conversion_action") for name in question.mask):
        where += ' and "segments.conversion_action" is not null'
    has_facts = any(name.startswith(("metrics.", "segments.")) for name in question.mask)
    base = resource.facts if has_facts and resource.facts else resource.entity
    grouped = _grouped(question, fields, base, where, kept)
    order = ", ".join(f'"{name}"' + (" desc" if down else "") for name, down in question.order)
    limit = f"limit {question.limit}" if question.limit else ""
    sql = f"""
        with {TABLES}, grouped as ({grouped})
        select json_merge_patch('{{}}', {_json(question.resource, fields, spoilt)}) as row
        from grouped order by {order or "all"} {limit}"""
    bound = {**values, **kept_values, **_instants(question.conditions), "customer": customer}
    rows = desk.table(sql, **bound).column("row").to_pylist()
    mask = ",".join(map(_camel, fields))
    return Answer(rows, mask, lambda: _summary(desk, fields, grouped, bound))


def _instants(conditions: tuple[Condition, ...]) -> dict[str, datetime]:
    """The naive UTC instants that bound the days asked for."""
    first, last = days_of(conditions) or (None, None)
    bounds = (
        (first or date(2000, 1, 1)),
        (last or date(2100, 1, 1)) + timedelta(days=1),
    )
    earliest, latest = (
        datetime.combine(day, time.min, ZoneInfo(ZONE)).astimezone(UTC).replace(tzinfo=None)
        for day in bounds
    )
    return {"earliest": earliest, "latest": latest}


def _is_metric(name: str) -> bool:
    return name.startswith("metrics.")


def _where(conditions: list[Condition], first: int = 0) -> tuple[str, dict[str, Any]]:
    """SQL, with bound values numbered from `first`."""
    parts, values = ["true"], {}
    for condition in conditions:
        kind = {WHOLE: "bigint", NUMBER: "double", DAY: "date"}.get(
            FIELDS[condition.field], "varchar"
        )
        names = []
        for value in condition.values:
            name = f"v{first + len(values)}"
            names.append(f"cast(${name} as {kind})")
            values[name] = value
        if condition.operator == "BETWEEN":
            right = f"between {names[0]} and {names[1]}"
        elif condition.operator.endswith("IN"):
            right = f"{condition.operator.lower()} ({', '.join(names)})"
        else:
            right = " ".join([condition.operator.lower(), *names])
        parts.append(f'"{condition.field}" {right}')
    return " and ".join(parts), values


def _grouped(question: Question, fields: list[str], base: str, where: str, kept: str) -> str:
    """One row per combination of what is asked beside metrics. With a segment, Google leaves
    out rows whose metrics are all zero."""
    conditions = [c.field for c in question.conditions if _is_metric(c.field)]
    metrics = list(dict.fromkeys(filter(_is_metric, [*fields, *conditions])))
    others = [name for name in fields if not _is_metric(name)]
    paths = [question.resource, *(name.rpartition(".")[0] for name in others)]
    above = [part for path in paths for part in (path, path.partition(".")[0])]
    names = dict.fromkeys([*others, *(f"{p}.resource_name" for p in above)])
    columns = [f'"{name}"' for name in names if name in FIELDS]
    sums = [f'coalesce(sum("{m}"), 0) as "{m}"' for m in metrics]
    if metrics and any(name.startswith("segments.") for name in fields):
        kept += " and (" + " or ".join(f'"{m}" <> 0' for m in metrics) + ")"
    inner = f"select {', '.join([*columns, *sums])} from {base} where {where} group by all"
    return f"from ({inner}) where {kept}"


def _summary(desk: Desk, fields: list[str], grouped: str, bound: dict[str, Any]) -> str:
    metrics = list(filter(_is_metric, fields))
    if not metrics:
        return ""
    sums = ", ".join(f'coalesce(sum("{m}"), 0) as "{m}"' for m in metrics)
    sql = f"with {TABLES}, summed as (select {sums} from ({grouped})) " + (
        f"select {_json('', metrics, None)} as row from summed"
    )
    return desk.table(sql, **bound).column("row").to_pylist()[0]


def _json(resource: str, fields: list[str], spoilt: str | None) -> str:
    """A json_object expression nested as the fields are; resources bring their names along."""
    tree: dict[str, Any] = {}
    for name in fields:
        *parents, leaf = name.split(".")
        node = tree
        for parent in parents:
            node = node.setdefault(parent, {})
        node[leaf] = "'many'" if name == spoilt else _encoded(name)
    if resource:
        tree.setdefault(resource, {})
    return _object(tree, "")


def _object(tree: dict[str, Any], path: str) -> str:
    parts = []
    guard = f"{path}.resource_name"
    if guard in FIELDS:
        parts.append(f"'resourceName', \"{guard}\"")
    for name, node in tree.items():
        below = f"{path}.{name}".strip(".")
        content = _object(node, below) if isinstance(node, dict) else node
        parts.append(f"'{_camel(name)}', {content}")
    made = f"json_object({', '.join(parts)})"
    leaves = [f"{path}.{name}" for name, node in tree.items() if not isinstance(node, dict)]
    if leaves and all(FIELDS.get(leaf) == ASSETS for leaf in leaves):
        known = " or ".join(f'"{leaf}" is not null' for leaf in leaves)
        return f"case when {known} then {made} end"
    return f'case when "{guard}" is not null then {made} end' if guard in FIELDS else made


def _encoded(name: str) -> str:
    """int64 and dates travel as strings."""
    kind = FIELDS[name]
    if kind in (WHOLE, DAY):
        return f'cast("{name}" as varchar)'
    return f'cast("{name}" as double)' if kind == NUMBER else f'"{name}"'


def _camel(field: str) -> str:
    return ".".join(
        head + "".join(word.capitalize() for word in rest)
        for head, *rest in (part.split("_") for part in field.split("."))
    )
