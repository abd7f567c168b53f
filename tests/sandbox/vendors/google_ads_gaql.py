"""The Google Ads Query Language, as far as reports use it, and the errors it answers with."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, NoReturn

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'[^']*'|\"[^\"]*\")|(?P<sign>>=|<=|!=|[=<>(),])|(?P<word>[\w.\-]+))"
)
_OPERATORS = ("=", "!=", ">", ">=", "<", "<=", "IN", "NOT IN", "BETWEEN", "IS NULL", "IS NOT NULL")


class Failure(Exception):
    """A GoogleAdsFailure: `status` is the gRPC status name, `http` its HTTP code."""

    def __init__(
        self,
        family: str,
        name: str,
        message: str,
        *,
        http: int = 400,
        status: str = "INVALID_ARGUMENT",
        details: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{name}: {message}")
        self.family, self.name, self.message = family, name, message
        self.http, self.status, self.details = http, status, details


def refuse(name: str, message: str) -> NoReturn:
    """Raise the query error called `name`."""
    raise Failure("queryError", name, message)


@dataclass(frozen=True)
class Condition:
    field: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """A parsed query."""

    fields: tuple[str, ...]
    resource: str
    conditions: tuple[Condition, ...] = ()
    order: tuple[tuple[str, bool], ...] = ()
    limit: int | None = None
    #: Fields asked for more than once count once, as with the vendor.
    mask: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "mask", tuple(dict.fromkeys(self.fields)))


class _Tokens:
    def __init__(self, query: str) -> None:
        self.rest: list[str] = []
        position = 0
        query = query.strip()
        while position < len(query):
            match = _TOKEN.match(query, position)
            if not match:
                refuse("UNEXPECTED_INPUT", f"Error in query: unexpected input {query[position]}.")
            self.rest.append(match[match.lastgroup])
            position = match.end()

    def peek(self) -> str:
        return self.rest[0].upper() if self.rest else ""

    def take(self) -> str:
        if not self.rest:
            refuse("UNEXPECTED_END_OF_QUERY", "Error in query: unexpected end of query.")
        return self.rest.pop(0)

    def takes(self, *words: str) -> bool:
        """Whether the next tokens are `words`, which are then taken."""
        if [token.upper() for token in self.rest[: len(words)]] != list(words):
            return False
        del self.rest[: len(words)]
        return True

    def list(self) -> tuple[str, ...]:
        items = [self.take()]
        while self.takes(","):
            items.append(self.take())
        return tuple(items)


def parse(query: str) -> Question:
    """The question in `query`, or a Failure as Google words it."""
    tokens = _Tokens(query)
    if not tokens.takes("SELECT"):
        refuse("EXPECTED_SELECT", "Error in query: query must start with SELECT.")
    fields = tokens.list()
    if not tokens.takes("FROM"):
        refuse("EXPECTED_FROM", "Error in query: expected FROM clause.")
    resource = tokens.take()
    conditions = []
    if tokens.takes("WHERE"):
        conditions.append(_condition(tokens))
        while tokens.takes("AND"):
            conditions.append(_condition(tokens))
    order = _order(tokens) if tokens.takes("ORDER", "BY") else ()
    limit = None
    if tokens.takes("LIMIT"):
        written = tokens.take()
        if not written.isdigit() or int(written) < 1:
            refuse("BAD_LIMIT_VALUE", f"Error in LIMIT clause: invalid value {written}.")
        limit = int(written)
    if tokens.rest:
        refuse("UNEXPECTED_INPUT", f"Error in query: unexpected input {tokens.rest[0]}.")
    return Question(fields, resource, tuple(conditions), order, limit)


def _condition(tokens: _Tokens) -> Condition:
    name = tokens.take()
    operator = next(
        (o for o in sorted(_OPERATORS, key=len, reverse=True) if tokens.takes(*o.split(" "))), None
    )
    if operator is None:
        refuse("BAD_OPERATOR", f"Error in WHERE clause: invalid operator {tokens.take()}.")
    if operator.endswith("NULL"):
        return Condition(name, operator, ())
    if operator == "BETWEEN":
        low = _literal(tokens.take())
        if not tokens.takes("AND"):
            refuse("EXPECTED_AND", "Error in WHERE clause: expected AND.")
        return Condition(name, operator, (low, _literal(tokens.take())))
    if operator.endswith("IN"):
        if not tokens.takes("("):
            refuse("EXPECTED_LIST", "Error in WHERE clause: expected a list.")
        values = tuple(_literal(value) for value in tokens.list())
        if not tokens.takes(")"):
            refuse("EXPECTED_LIST", "Error in WHERE clause: expected the end of a list.")
        return Condition(name, operator, values)
    return Condition(name, operator, (_literal(tokens.take()),))


def _order(tokens: _Tokens) -> tuple[tuple[str, bool], ...]:
    order = []
    while True:
        name = tokens.take()
        descends = tokens.takes("DESC")
        if not descends:
            tokens.takes("ASC")
        order.append((name, descends))
        if not tokens.takes(","):
            return tuple(order)


def _literal(token: str) -> str:
    return token[1:-1] if token[0] in "'\"" else token
