"""JSON as vendors should write it, and what is made of the rest."""

from __future__ import annotations

from typing import Any

import pytest

from trueup.sources import strict_json
from trueup.sources.contract import Column
from trueup.sources.strict_json import Unreadable


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"a": 1, "a": 2}', "a key twice"),
        (b'[{"b": {"a": 1, "a": 1}}]', "a key twice"),
        (b"[" * 100_000 + b"]" * 100_000, "nested without end"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested without end"),
        (b"", "no JSON"),
        (b"<html>ann@example.com</html>", "no JSON"),
        (b'{"a": 1', "no JSON"),
        (b'{"a": 1}{"a": 2}', "no JSON"),
        (b'"a\x00b"', "no JSON"),
        (b'"\xff\xfe"', "not text in UTF-8"),
        ('"é"'.encode("utf-16"), "not text in UTF-8"),
    ],
)
def test_what_cannot_be_read_says_why_and_not_what(content: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said) as raised:
        strict_json.read(content)
    assert "ann" not in str(raised.value)
    assert strict_json.read_object(content) == {}


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b'{"a": 1}', {"a": 1}),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (b"NaN", "NaN"),
        (b"[-Infinity, Infinity]", ["-Infinity", "Infinity"]),
        (b'"\\ud83d\\ude00"', "\U0001f600"),
        (b'"half \\ud83d"', "half \ufffd"),
        (b'"\\ude00 half"', "\ufffd half"),
        (b'"\\ud83d\\u0041"', "\ufffdA"),
        (b'"a\\u0000b"', "a\ufffdb"),
        (b'"\\\\ud83d \\\\u0000"', "\\ud83d \\u0000"),
        (b"[" + b"7" * 5_000 + b", 7]", ["7" * 5_000, 7]),
    ],
)
def test_what_can_be_read(content: bytes, found: Any) -> None:
    assert strict_json.read(content) == found


@pytest.mark.parametrize("kind", ["DOUBLE", "DECIMAL(18,6)", "BIGINT"])
@pytest.mark.parametrize("content", [b"NaN", b"-Infinity", b"1e999", b"7" * 5_000, b'"2026_09"'])
def test_no_number_is_no_value_of_a_number(kind: str, content: bytes) -> None:
    """It costs its row: see what landing makes of a column's fault."""
    from trueup.landing import typed
    from trueup.sources.contract import Stream

    stream = Stream("spend", (Column("id"), Column("spend", kind)), ("id",), kind="snapshot")
    rows = [{"id": "a", "spend": strict_json.read(content)}, {"id": "b", "spend": 1}]
    table, faults = typed.from_dicts(rows, stream, "")
    assert list(faults) == [0] and table.column("id").to_pylist() == ["b"]
    assert content.decode() not in faults[0].reason
