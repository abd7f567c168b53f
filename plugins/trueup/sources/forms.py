"""What the company file may say of a source, where its text alone shows that it cannot be right:
the ids of accounts, and the values of options. Each problem says what is expected."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any


@dataclass(frozen=True)
class AccountId:
    """How a vendor writes the id of an account: a regular expression, and the same in words."""

    pattern: str
    words: str

    def problem(self, given: Any) -> str | None:
        """What is wrong with the id; nothing where it is none, which the field itself reports."""
        if not isinstance(given, str) or re.fullmatch(self.pattern, given):
            return None
        return f"{given!r} is no such id; expected: {self.words}"


#: Says of the value of an option what is wrong with it; nothing where it is as it should be.
Form = Callable[[Any], Iterator[str]]


@dataclass(frozen=True)
class Option:
    """One option the company file may set for a source: what it means, in one line, and the form
    its value has."""

    meaning: str
    form: Form


def problems(known: Mapping[str, Option], given: Mapping[Any, Any]) -> Iterator[str]:
    """What is wrong with each of the options given, with its name; unknown ones are passed over."""
    for name, value in given.items():
        if name in known:
            yield from (f"{name}: {why}" for why in known[name].form(value))


def unknown(name: str, known: Iterable[str]) -> str:
    """What to say of an option that is not `known`, the likeliest of which comes first."""
    near = get_close_matches(name, known := sorted(known), n=1)
    listed = ", ".join([*near, *(one for one in known if one not in near)]) or "no options"
    return f"unknown option (misspelt{''.join(f' {one}' for one in near)}?); there are {listed}"


def whole(least: int = 1, most: int | None = None) -> Form:
    def problem(given: Any) -> Iterator[str]:
        if type(given) is not int or given < least or (most is not None and given > most):
            bound = "on" if most is None else f"to {most}"
            yield f"{given!r} should be a whole number from {least} {bound}"

    return problem


def number(least: float, most: float) -> Form:
    def problem(given: Any) -> Iterator[str]:
        is_number = isinstance(given, int | float) and not isinstance(given, bool)
        if not is_number or not least <= given <= most:
            yield f"{given!r} should be a number from {least:g} to {most:g}"

    return problem


def text(of: str) -> Form:
    """`of` says in words what the text is."""

    def problem(given: Any) -> Iterator[str]:
        if not isinstance(given, str) or not given.strip():
            yield f"{given!r} should be text: {of}"

    return problem


def address(given: Any) -> Iterator[str]:
    if not isinstance(given, str) or not given.startswith(("https://", "http://")):
        yield f"{given!r} should be an address that begins with https://"


def account(id: AccountId) -> Form:
    """Such an id, which YAML may have read as a number."""

    def problem(given: Any) -> Iterator[str]:
        if isinstance(given, bool) or not isinstance(given, str | int):
            yield f"{given!r} should be text: {id.words}"
        elif why := id.problem(str(given)):
            yield why

    return problem


def one_of(*values: str) -> Form:
    def problem(given: Any) -> Iterator[str]:
        if given not in values:
            yield f"{given!r} is neither of {', '.join(values)}"

    return problem


def some_of(*values: str) -> Form:
    def problem(given: Any) -> Iterator[str]:
        if not isinstance(given, list) or not given or not all(one in values for one in given):
            yield f"{given!r} is no list of {', '.join(values)}"

    return problem


def listing(of: str) -> Form:
    """A list, whose entries the source itself looks at."""

    def problem(given: Any) -> Iterator[str]:
        if not isinstance(given, list):
            yield f"should be a list of {of}"

    return problem


def texts(of: str) -> Form:
    """A list of texts. `of` says in words what each of them is."""

    def problem(given: Any) -> Iterator[str]:
        if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
            yield f'should be a list of {of}, each as text, such as ["...", "..."]'

    return problem


def mapping(example: str) -> Form:
    """Keys and values, which the source itself looks at."""

    def problem(given: Any) -> Iterator[str]:
        if not isinstance(given, dict):
            yield f"should hold keys and their values, such as {example}"

    return problem


def codes(given: Any) -> Iterator[str]:
    """A list of ISO currency codes."""
    if not isinstance(given, list):
        yield f"{given!r} should be a list of currency codes, such as [USD, GBP]"
        return
    for one in given:
        if not isinstance(one, str) or not re.fullmatch("[A-Z]{3}", one):
            yield f"{one!r} is no currency code of three capitals, such as USD"


def days(given: Any) -> Iterator[str]:
    """A list of days, which YAML may have read as such."""
    if not isinstance(given, list):
        yield f"{given!r} should be a list of days, such as [2026-12-24]"
        return
    for one in given:
        try:
            date.fromisoformat(str(one))
        except ValueError:
            yield f"{one!r} is no day, such as 2026-12-24"
