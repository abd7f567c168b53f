"""What is wrong with a field of the company file, in the words of who writes it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from trueup.company import parts, secret_names

#: What to say of a pattern that is not met: the value comes before it.
PATTERNS = {
    parts.CURRENCY: "is no currency code of three capitals, such as EUR",
    parts.HOST: "is no host, such as example.com",
    parts.NAME: "is no name: it begins with a small letter and has small letters, digits and _",
}
#: What is expected, by what pydantic calls the error, up to its first `_`.
EXPECTED = {
    "bool": "true or false",
    "int": "a whole number",
    "decimal": "a number",
    "date": "a day, such as 2026-09-01",
}
#: In the place of a secret's name nothing that was given is repeated: it may be the secret.
NAME_WANTED = (
    "should be the name of a secret, in small letters, digits, - and _, such as shop_api_key; its"
    " value goes into the variable TRUEUP_SECRET_SHOP_API_KEY, never into this file"
)

_NO_NAME = ("string_type", "string_pattern_mismatch", secret_names.PASTED)


def problem(error: Any, at: Iterable[object] = ()) -> str:
    """One of pydantic's errors with its path in the file, which is below `at`."""
    path = [*at, *secret_names.path(error["loc"])]
    return f"{'.'.join(map(str, path)) or '(file)'}: {_words(error)}"


def _words(error: Any) -> str:
    kind, given = error["type"], error.get("input")
    if secret_names.CREDENTIALS in error["loc"][:-1] and kind in _NO_NAME:
        return NAME_WANTED
    if kind == "extra_forbidden":
        return "unknown key (misspelt?)"
    if kind == "missing":
        return "missing"
    if kind in ("model_type", "dict_type"):
        return "should hold keys and their values"
    if kind == "too_short" and error["ctx"]["actual_length"] == 0:
        return "is empty; name at least one"
    if kind == "tuple_type":
        shown = f"[{given}]" if isinstance(given, str | int | float) else "[...]"
        return f"should be a list, such as {shown}"
    if kind == "string_type":
        return _no_text(given)
    if kind == "string_pattern_mismatch" and (words := PATTERNS.get(error["ctx"]["pattern"])):
        return f"{given!r} {words}"
    if kind == "literal_error":
        return f"{given!r} should be {error['ctx']['expected']}"
    if wanted := EXPECTED.get(kind.partition("_")[0]):
        return f"{given!r} should be {wanted}"
    message = str(error["msg"]).removeprefix("Value error, ")
    return message.replace("Input should", f"{given!r} should", 1)


def _no_text(given: object) -> str:
    if given is None:
        return "is empty"
    if isinstance(given, dict | list):
        return "should be one text"
    shown = "" if isinstance(given, bool) else f', such as "{given}"'
    return f"should be text: put it in quotes{shown}"
