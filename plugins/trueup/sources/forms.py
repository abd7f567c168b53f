"""What the company file may say of a source, where its text alone shows that it cannot be right:
the ids of accounts, and the values of options. Each problem says what is expected."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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


def numbers(options: Mapping[str, Any], *names: str, most: int | None = None) -> Iterator[str]:
    """Options that should be whole numbers from 1 on."""
    for name in names:
        given = options.get(name, 1)
        if type(given) is not int or given < 1 or (most is not None and given > most):
            bound = f" of at most {most}" if most is not None else ""
            yield f"{name}: {given!r} should be a whole number from 1 on{bound}"


def texts(options: Mapping[str, Any], *names: str, of: str) -> Iterator[str]:
    """Options that should be lists of texts. `of` says in words what each of them is."""
    for name in names:
        given = options.get(name, [])
        if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
            yield f'{name}: should be a list of {of}, each as text, such as ["...", "..."]'


def codes(options: Mapping[str, Any], name: str) -> Iterator[str]:
    """An option that should be a list of ISO currency codes."""
    given = options.get(name, [])
    if not isinstance(given, list):
        yield f"{name}: {given!r} should be a list of currency codes, such as [USD, GBP]"
        return
    for one in given:
        if not isinstance(one, str) or not re.fullmatch("[A-Z]{3}", one):
            yield f"{name}: {one!r} is no currency code of three capitals, such as USD"
