"""What settings became is shown beside alerts: once, and never as an alert."""

from __future__ import annotations

from datetime import datetime, timedelta

import duckdb
import pytest

from trueup.alerts import changes, on_call
from unit.alert_company import AT, AlertCompany, company
from unit.alert_receivers import Loopback, listening

__all__ = ["company"]


@pytest.fixture
def pager(company: AlertCompany, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(on_call, "datetime", company.clock)
    with listening() as kept:
        company.pagerduty(kept.url)
        yield kept


def observed(company: AlertCompany, *found: tuple[str, datetime]) -> None:
    path = company.folder / "var" / "acme" / "mart.duckdb"
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path)) as con:
        con.execute("create schema if not exists health")
        con.execute(
            "create or replace table health.fct_config_changes (source text, hop text,"
            " change text, observed_at timestamptz, changed_by text, is_break boolean)"
        )
        con.executemany(
            "insert into health.fct_config_changes values ('tags', 'tag', ?, ?, null, true)",
            [list(one) for one in found],
        )


def test_a_change_is_reported_once_and_history_is_not(company: AlertCompany, pager: Loopback):
    new = ("tag 'purchase' paused", AT - timedelta(hours=2))
    observed(company, ("long ago", AT - timedelta(days=30)), new)
    for _ in range(2):
        on_call.tell_changes()
    (request,) = pager.requests
    assert request.path == "/v2/change/enqueue"
    payload = request.body["payload"]
    assert payload["summary"] == "tags: tag 'purchase' paused"
    assert datetime.fromisoformat(payload["timestamp"]) == AT - timedelta(hours=2)
    assert payload["custom_details"] == {"system": "tags", "hop": "tag", "may break a goal": "yes"}
    observed(company, new, ("tag 'purchase' fires again", AT))
    on_call.tell_changes()
    assert [body["payload"]["summary"] for body in pager.bodies()][1:] == [
        "tags: tag 'purchase' fires again"
    ]


def test_a_migration_is_one_event(company: AlertCompany, pager: Loopback):
    observed(company, *((f"setting {number}", AT) for number in range(changes.MOST + 1)))
    on_call.tell_changes()
    assert [body["payload"]["summary"] for body in pager.bodies()] == ["21 settings changed"]


def test_a_lost_answer_is_not_asked_for_again(company: AlertCompany, pager: Loopback):
    pager.answers = [None]
    observed(company, ("tag paused", AT))
    for _ in range(2):
        on_call.tell_changes()
    assert len(pager.requests) == 1


def test_nothing_of_it_stops_anything(
    company: AlertCompany, pager: Loopback, capsys: pytest.CaptureFixture[str]
):
    on_call.tell_changes()
    path = company.folder / "var" / "acme" / "mart.duckdb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"no database")
    on_call.tell_changes()
    company.pagerduty(pager.url, changes=False)
    path.unlink()
    observed(company, ("tag paused", AT))
    on_call.tell_changes()
    assert pager.requests == []
