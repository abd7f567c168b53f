"""What changes on a day: any parameter from a day on, until a day or for good, where it is said.

    generate(folder, changes=[
        Change("purchase_tag_loss", date(2026, 9, 10), where={"browser": "Safari"}, value=0.6),
        Change("cost_factor", date(2026, 8, 1), where={"platform": "meta_ads"}, factor=1.5),
    ])

or a JSON list of the same in a file: `read_changes(path)`. What each parameter can be cut by is in
`cuts.py`. Days are UTC days of what is decided: of the visit, the order, the click, the ad's day.

In SQL every parameter is a macro. `refund_share()` is its value before any change, and
`refund_share(ordered_at, product_type, ...)` the one that holds then and there: the moment first,
then what it can be cut by, in the order of `cuts.py`. Where nothing changes both are one literal.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from fnmatch import fnmatchcase
from math import exp
from pathlib import Path
from types import MappingProxyType

import duckdb
import numpy as np

from sandbox.world.cuts import COMPUTED, CUTS, OPTIONS, REGIONS, is_share
from sandbox.world.deeds import Deed
from sandbox.world.parameters import REFUSAL_BY_COUNTRY, Parameters

Where = Mapping[str, str | int | Sequence[str | int]]


@dataclass(frozen=True)
class Change:
    """A parameter takes `value`, or is multiplied by `factor`, in [since, until) where it is said.

    `where` names what the parameter can be cut by, each with a value or several; a value may hold
    `*`. `region` stands for its countries. Later changes in the list work on what earlier ones
    left.
    """

    parameter: str
    since: date
    until: date | None = None
    where: Where = field(default_factory=dict)
    value: float | None = None
    factor: float | None = None

    def __post_init__(self) -> None:
        cuts = CUTS.get(self.parameter)
        if cuts is None:
            raise ValueError(f"{self.parameter} is no parameter that can change on a day")
        if (self.value is None) == (self.factor is None):
            raise ValueError(f"{self.parameter}: a change has either a value or a factor")
        if self.until is not None and self.until <= self.since:
            raise ValueError(f"{self.parameter}: until {self.until} is not after {self.since}")
        if unknown := set(self.where) - set(cuts) - {"region"} or (
            "region" in self.where and "country" not in cuts
        ):
            known = ", ".join(cuts) or "nothing"
            raise ValueError(f"{self.parameter} is cut by {known}, not by {unknown}")
        regions = _listed(self.where.get("region", ()))
        if strange := [one for one in regions if one not in REGIONS]:
            raise ValueError(f"{self.parameter}: no region is called {strange}")
        if (option := OPTIONS.get(self.parameter)) and option not in self.where:
            raise ValueError(f"{self.parameter}: say of which {option}")
        if self.number < 0 or (self.value or 0) > 1 and is_share(self.parameter):
            raise ValueError(f"{self.parameter} cannot be {self.number}")

    @property
    def number(self) -> float:
        """The value or the factor."""
        return float(self.value if self.value is not None else self.factor or 0.0)


@dataclass(frozen=True)
class Sway:
    """A parameter's slow path: by how much it is off on each day from `since` on.

    On a share it moves the odds, on everything else it is a factor; both as their logarithm.
    """

    parameter: str
    since: date
    logs: tuple[float, ...]
    where: Where = field(default_factory=dict)

    @property
    def variable(self) -> str:
        """The name under which DuckDB knows the path."""
        places = [str(value) for value in self.where.values()]
        return "_".join(["sway", self.parameter, *places]).replace(":", "_")


@dataclass(frozen=True)
class Course:
    """How every parameter goes over time: its value, what changes it and how it sways; and what
    somebody sets in a system meanwhile."""

    parameters: Parameters
    changes: tuple[Change, ...] = ()
    sways: tuple[Sway, ...] = ()
    deeds: tuple[Deed, ...] = ()

    def moves(self, parameter: str) -> bool:
        """Whether it is anything but one number everywhere."""
        return any(one.parameter == parameter for one in (*self.changes, *self.sways))

    def define(self, con: duckdb.DuckDBPyConnection) -> None:
        """Make every parameter a macro, undated and dated."""
        for sway in self.sways:
            factors = ", ".join(f"{factor!r}" for factor in np.exp(sway.logs).tolist())
            con.execute(f"set variable {sway.variable} = [{factors}]::double[]")
        con.execute("create macro swayed(share, odds) as share * odds / (1 - share + share * odds)")
        for name, base in asdict(self.parameters).items():
            dated = f", {self._dated(name, repr(base))}" if name in CUTS else ""
            con.execute(f"create macro {name}() as {base!r}{dated}")
        arms = " ".join(f"when '{c}' then {share}" for c, share in REFUSAL_BY_COUNTRY.items())
        con.execute(
            f"create macro refusal_of(c) as case c {arms} else refusal_outside_europe() end"
        )
        for name, base in COMPUTED.items():
            con.execute(f"create macro {name}{self._dated(name, base)}")

    def _dated(self, name: str, base: str) -> str:
        known = ", ".join(("instant", *CUTS[name]))
        return f"({known}) as {self._expression(name, base)}"

    def _expression(self, name: str, base: str) -> str:
        expression = base
        for change in self.changes:
            if change.parameter == name:
                moved = f"case when {_holds(change)} then {change.number!r}::double else"
                if change.value is not None:
                    expression = f"({moved} {expression} end)"
                else:
                    expression = f"({expression} * {moved} 1 end)"
                if change.factor is not None and is_share(name):
                    expression = f"least(1.0, {expression})"
        factors = [_factor(sway) for sway in self.sways if sway.parameter == name]
        if factors:
            product = " * ".join(factors)
            expression = (
                f"swayed(({expression})::double, {product})"
                if is_share(name)
                else f"({expression} * {product})"
            )
        return expression

    def options(self, weight: str) -> frozenset[str]:
        """The options of a mix, as they are written in `where`, whose weight moves."""
        key = OPTIONS[weight]
        return frozenset(
            str(option)
            for one in (*self.changes, *self.sways)
            if one.parameter == weight
            for option in _listed(one.where[key])
        )

    def at(self, name: str, day: date, place: Mapping[str, str] = MappingProxyType({})) -> float:
        """The parameter's value on a day and in a place, for what is drawn one by one."""
        value = float(getattr(self.parameters, name))
        for change in (one for one in self.changes if one.parameter == name):
            is_then = change.since <= day and (change.until is None or day < change.until)
            if is_then and _is_there(change.where, place):
                moved = change.number if change.value is not None else value * change.number
                value = min(1.0, moved) if is_share(name) else moved
        for sway in (one for one in self.sways if one.parameter == name):
            number = (day - sway.since).days
            if 0 <= number < len(sway.logs) and _is_there(sway.where, place):
                odds = exp(sway.logs[number])
                value *= odds / (1 - value + value * odds) if is_share(name) else odds
        return value

    def on_days(self, name: str, days: np.ndarray) -> np.ndarray:
        """The parameter's value on each of the days, for series that are drawn with numpy."""
        values = np.full(len(days), float(getattr(self.parameters, name)))
        for change in (one for one in self.changes if one.parameter == name):
            until = np.datetime64(change.until or date.max)
            holds = (days >= np.datetime64(change.since)) & (days < until)
            moved = change.number if change.value is not None else values * change.number
            values = np.where(holds, moved, values)
        for sway in (one for one in self.sways if one.parameter == name):
            places = (days - np.datetime64(sway.since)).astype(int)
            known = (places >= 0) & (places < len(sway.logs))
            logs = np.asarray(sway.logs)[np.clip(places, 0, len(sway.logs) - 1)]
            values = values * np.where(known, np.exp(logs), 1.0)
        return values


def _holds(change: Change) -> str:
    conditions = [f"instant::date >= date '{change.since}'"]
    if change.until is not None:
        conditions.append(f"instant::date < date '{change.until}'")
    return " and ".join(conditions + _places(change.where))


def _is_there(where: Where, place: Mapping[str, str]) -> bool:
    """Whether a place is one of those that are said; of what it does not name it is none."""
    return all(
        any(fnmatchcase(place.get(key, ""), str(value)) for value in values)
        for key, values in _resolved(where).items()
    )


def _factor(sway: Sway) -> str:
    found = (
        f"coalesce(getvariable('{sway.variable}')[instant::date - date '{sway.since}' + 1], 1.0)"
    )
    if not sway.where:
        return found
    return f"case when {' and '.join(_places(sway.where))} then {found} else 1.0 end"


def _places(where: Where) -> list[str]:
    return [
        "("
        + " or ".join(
            f"{key}::varchar {'glob' if '*' in value else '='} '{value}'"
            for value in map(str, _listed(values))
        )
        + ")"
        for key, values in _resolved(where).items()
    ]


def _resolved(where: Where) -> dict[str, Sequence[str | int]]:
    """With countries in place of regions."""
    found = {key: _listed(values) for key, values in where.items() if key != "region"}
    if "region" in where:
        inside = [
            country for region in _listed(where["region"]) for country in REGIONS[str(region)]
        ]
        found["country"] = [one for one in inside if one in found.get("country", inside)]
    return found


def _listed(values: str | int | Sequence[str | int]) -> Sequence[str | int]:
    return [values] if isinstance(values, str | int) else values


def read_changes(path: Path) -> tuple[Change, ...]:
    """The changes of a JSON file: a list of objects with the fields of `Change`."""
    listed = json.loads(path.read_text(encoding="utf-8"))
    days = {"since", "until"}
    return tuple(
        Change(**{key: date.fromisoformat(value) if key in days and value else value
                  for key, value in one.items()})
        for one in listed
    )  # fmt: skip


def first_day(start: date, parameters: Parameters) -> date:
    """The first day on which anything of a world can happen."""
    return start - timedelta(days=parameters.burn_in_days + 10)
