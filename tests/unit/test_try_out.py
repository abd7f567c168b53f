"""A test message reaches each receiver there is, and is said of each whether it did."""

from __future__ import annotations

import pytest

from trueup.__main__ import main
from unit.alert_company import AlertCompany, company
from unit.alert_receivers import listening

__all__ = ["company"]


def test_everybody_hears_that_nothing_is_wrong_and_that_it_is_over(
    company: AlertCompany, capsys: pytest.CaptureFixture[str]
):
    with listening() as hook, listening() as pager:
        company.hook(hook.url)
        company.pagerduty(pager.url)
        assert main(["test-alerts"]) == 0
    assert capsys.readouterr().out.splitlines() == ["hook: heard", "pager: heard"]
    assert [body["event"] for body in hook.bodies()] == ["opened", "resolved"]
    assert "nothing is wrong" in hook.bodies()[0]["text"]
    began, ended = pager.bodies()
    assert (began["event_action"], ended["event_action"]) == ("trigger", "resolve")
    assert began["dedup_key"] == ended["dedup_key"]
    assert began["payload"]["severity"] != "critical"
    assert not list(company.outbox.pending()) and not company.outbox.folder.exists()


def test_who_does_not_hear_is_named_and_keeps_no_other(
    company: AlertCompany, capsys: pytest.CaptureFixture[str]
):
    with listening() as hook, listening(lambda _: (500, {}, {})) as broken:
        company.hook(broken.url, name="broken")
        company.hook(hook.url)
        assert main(["test-alerts"]) == 1
        printed = capsys.readouterr().out
        assert main(["test-alerts", "hook"]) == 0
    first, second = printed.splitlines()
    assert first.startswith("broken: NOT heard: ") and "SECRET" not in printed
    assert second == "hook: heard" and len(broken.requests) == 1


def test_a_mistake_of_ours_is_one_receivers_and_says_nothing_of_it(
    company: AlertCompany, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    def broken(*_: object) -> str:
        raise ValueError("R-SECRET-KEY")

    monkeypatch.setattr("trueup.alerts.receivers.pagerduty.PagerDuty.send", broken)
    with listening() as hook:
        company.pagerduty(hook.url, name="a_pager")
        company.hook(hook.url)
        assert main(["test-alerts"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "a_pager: NOT heard: ValueError", "hook: heard",
    ]  # fmt: skip


def test_quiet_hours_and_routes_do_not_count(company: AlertCompany):
    with listening() as hook:
        company.hook(hook.url)
        company.alerts["routes"] = [{"severity": "page", "to": ["hook"]}]
        company.alerts["quiet_hours"] = {"start": "00:00", "end": "23:59"}
        company.write()
        assert main(["test-alerts"]) == 0
    assert len(hook.requests) == 2


@pytest.mark.parametrize("names", [[], ["nobody"]])
def test_without_a_receiver_to_try_it_says_so(
    company: AlertCompany, capsys: pytest.CaptureFixture[str], names: list[str]
):
    with listening() as hook:
        if names:
            company.hook(hook.url)
        assert main(["test-alerts", *names]) != 0
    said = f"there is no receiver {' '.join(names) or 'to try'}"
    assert said in capsys.readouterr().err
    assert not hook.requests
