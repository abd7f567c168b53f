"""What the sandbox keeps of its answers is what it would answer again."""

from __future__ import annotations

import duckdb

from sandbox import answers
from sandbox.answers import Answers


class Watched:
    """A database that counts what it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self._con = duckdb.connect()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        self.asked += 1
        return self._con.cursor()


def double(known: Answers, number: int) -> int:
    return known.to("select 2 * $number", {"number": number})[0][0].as_py()


def test_the_same_question_is_asked_once_and_another_is_another():
    con = Watched()
    known = Answers(con)
    assert [double(known, number) for number in (1, 2, 1, 2)] == [2, 4, 2, 4]
    assert con.asked == 2


def test_the_answers_asked_for_last_are_kept(monkeypatch):
    monkeypatch.setattr(answers, "ANSWERS_KEPT", 2)
    con = Watched()
    known = Answers(con)
    for number in (1, 2, 1, 3, 1):
        double(known, number)
    assert con.asked == 3
    double(known, 2)
    assert con.asked == 4


def test_an_answer_too_large_is_not_kept(monkeypatch):
    monkeypatch.setattr(answers, "LARGEST_BYTES", 0)
    con = Watched()
    known = Answers(con)
    assert double(known, 1) == double(known, 1)
    assert con.asked == 2
