"""HubSpot: what a record went through, read from its history alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from cases.crm_portal import Portal, Record, iso
from cases.crm_records import PIPELINES, contact, deal, enquiry, won
from trueup.sources.contract import Absent, Access, Account, ControlTotal, SetAside
from trueup.sources.hubspot import SOURCE
from trueup.window import Window

WINDOW = Window(date(2026, 9, 1), date(2026, 10, 1))


class Historyless(Portal):
    """A portal that forgets the past of one property."""

    def __init__(self, records: list[Record], forgotten: str) -> None:
        super().__init__(records, PIPELINES)
        self.forgotten = forgotten

    def post(self, path: str, query: dict[str, str], body: Any) -> Any:
        answer = super().post(path, query, body)
        for record in answer["results"]:
            record.get("propertiesWithHistory", {}).pop(self.forgotten, None)
        return answer


class Paged(Portal):
    """A portal that shows two associations of a record at a time."""

    def post(self, path: str, query: dict[str, str], body: Any) -> Any:
        if "associations" not in path:
            return super().post(path, query, body)
        after = {entry["id"]: int(entry.get("after", 0)) for entry in body["inputs"]}
        answer = super().post(path, query, body)
        for result in answer["results"]:
            start, links = after[result["from"]["id"]], result["to"]
            result["to"] = links[start : start + 2]
            if len(links) > start + 2:
                result["paging"] = {"next": {"after": str(start + 2)}}
        return answer


class Refusing(Portal):
    """A portal that answers with errors beside the associations it does show."""

    def __init__(self, records: Any, pipelines: Any, sub_category: str | None, times: int) -> None:
        super().__init__(records, pipelines)
        self.error = {"status": "error", "category": "VALIDATION_ERROR"}
        self.error |= {"subCategory": sub_category} if sub_category else {}
        self.times = times

    def post(self, path: str, query: dict[str, str], body: Any) -> Any:
        answer = super().post(path, query, body)
        if "associations" not in path or not self.times:
            return answer
        self.times -= 1
        left = [result for result in answer["results"] if result["from"]["id"] != "1"]
        return {**answer, "results": left, "errors": [self.error]}


class Forbidden(Portal):
    """A portal that shows no e-mails."""

    def post(self, path: str, query: dict[str, str], body: Any) -> Any:
        return super().post(path, query, body) if "emails" not in path else self.refusal

    def get(self, path: str, query: dict[str, str]) -> Any:
        return super().get(path, query) if "emails" not in path else self.refusal

    refusal: Any = {"status": "error", "category": "MISSING_SCOPES", "_status": 403}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUEUP_HTTP_ATTEMPTS", "2")
    monkeypatch.setenv("TRUEUP_HTTP_BACKOFF_SECONDS", "0.01")


def access_to(url: str, folder: Path) -> Access:
    return Access(
        source="hubspot", base_url=url, accounts=(Account("1", "Europe/Lisbon", "EUR"),),
        options={}, history_start=WINDOW.since, reporting_zone="Europe/Lisbon",
        reporting_currency="EUR", folder=folder, secrets={"access_token": "x"},
    )  # fmt: skip


def pages(portal: Portal, stream: str, folder: Path, window: Window = WINDOW) -> Iterator[Any]:
    with portal.open() as url:
        yield from SOURCE.extract(access_to(url, folder), SOURCE.stream(stream), window)


def rows(portal: Portal, stream: str, folder: Path, window: Window = WINDOW) -> list[Any]:
    found = pages(portal, stream, folder, window)
    return [row for page in found if isinstance(page, list) for row in page]


def at(text: str) -> Any:
    return datetime.fromisoformat(iso(text))


def test_a_deal_without_a_history_stands_in_its_stage_since_it_closed(tmp_path: Path):
    record = deal(1, won("09-10 10:00", "50", closed="true"), ("09-12 10:00", {"note": "x"}))
    [row] = rows(Historyless([record], "dealstage"), "deal_stages", tmp_path)
    assert (row["stage"], row["entered_at"], row["amount"]) == (
        "closedwon", at("09-10 10:00"), "50",
    )  # fmt: skip


def test_an_open_deal_without_a_history_stands_in_its_stage_since_it_was_made(tmp_path: Path):
    """Its close date is the one people hope for; HubSpot says `false` as a text."""
    made = {"stage": "contract", "close": "09-25 10:00", "closed": "false"}
    record = deal(1, ("09-10 10:00", made), ("09-12 10:00", {"note": "x"}))
    [row] = rows(Historyless([record], "dealstage"), "deal_stages", tmp_path)
    assert (row["stage"], row["entered_at"]) == ("contract", at("09-10 10:00"))


def test_every_change_of_worth_is_a_row(tmp_path: Path):
    record = deal(
        1, ("09-02 10:00", {"stage": "contract", "amount": "10"}), won("09-10 10:00", "10"),
        ("09-12 10:00", {"amount": "12"}), ("09-13 10:00", {"deal_currency_code": "USD"}),
        ("09-14 10:00", {"pipeline": "second"}), ("09-15 10:00", {"dealname": "a name"}),
    )  # fmt: skip
    found = rows(Portal([record], PIPELINES), "deal_stages", tmp_path)
    assert [(row["entered_at"].day, row["amount"], row["currency_code"]) for row in found] == [
        (2, "10", "EUR"), (10, "10", "EUR"), (12, "12", "EUR"), (13, "12", "USD"),
    ]  # fmt: skip
    assert {row["pipeline"] for row in found} == {"default"}


def test_a_deal_is_what_it_was_when_the_window_ended(tmp_path: Path):
    record = deal(1, won("09-10 10:00", "10"), ("09-12 10:00", {"amount": "12"}))
    window = Window(date(2026, 9, 10), date(2026, 9, 11))
    [row] = rows(Portal([record], PIPELINES), "deals", tmp_path, window)
    assert (row["amount"], row["modified_at"]) == ("10", at("09-10 10:00"))
    assert len(rows(Portal([record], PIPELINES), "deal_stages", tmp_path, window)) == 1


def test_a_second_question_lands_with_the_day_it_was_asked(tmp_path: Path):
    record = contact(1, "09-03 10:00", ("09-03 10:00", enquiry()), ("09-20 10:00", enquiry()))
    before = Window(date(2026, 9, 1), date(2026, 9, 20))
    assert rows(Portal([record], PIPELINES), "submissions", tmp_path, before) == []
    [row] = rows(Portal([record], PIPELINES), "submissions", tmp_path)
    assert (row["asked_at"], row["is_repeat"]) == (at("09-20 10:00"), False)


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ((("09-03 10:00", {"form": "wedding", "recent_conversion_date": "1788428400000"}),),
         ["2026-09-03T09:40:00+00:00"]),  # milliseconds, written twenty minutes later
        ((("09-03 10:00", {"form": "wedding", "recent_conversion_date": "soon"}),),
         ["2026-09-03T10:00:00+00:00"]),  # not a date: when it was written
        ((("09-03 10:00", {"form": "wedding"}), ("09-09 10:00", {"form": ""}),
          ("09-12 10:00", {"form": "wedding"})),
         ["2026-09-03T10:00:00+00:00", "2026-09-12T10:00:00+00:00"]),  # emptied between
        ((("09-03 10:00", {"form": "wedding"}), ("09-03 10:00", enquiry())),
         ["2026-09-03T10:00:00+00:00"]),
        ((("09-03 10:00", enquiry()), ("09-04 10:00", {"asked": "Contact: Wedding form"})),
         ["2026-09-03T10:00:00+00:00", "2026-09-04T10:00:00+00:00"]),  # the form not written anew
    ],
)  # fmt: skip
def test_when_a_form_was_sent_in(tmp_path: Path, written: Any, asked: list[str]):
    portal = Portal([contact(1, "09-01 10:00", *written)], PIPELINES)
    found = [row["asked_at"] for row in rows(portal, "contacts", tmp_path)]
    found += [row["asked_at"] for row in rows(portal, "submissions", tmp_path)]
    assert [moment.isoformat() for moment in found] == asked


@pytest.mark.parametrize(
    ("links", "primary", "all_of_them"),
    [
        ((), None, None),
        ((("7", None),), "7", "7"),
        ((("70", None), ("8", None)), None, "8;70"),
        ((("7", None), ("8", "PRIMARY contact")), "8", "7;8"),
        ((("7", "Primary"), ("8", "Primary")), None, "7;8"),
        ((("7", "Decision maker"), ("8", "Billing")), None, "7;8"),
    ],
)  # fmt: skip
def test_which_contact_a_deal_names(
    tmp_path: Path, links: Any, primary: str | None, all_of_them: str | None
):
    record = replace(deal(1, won("09-10 10:00", "10")), links=links)
    [row] = rows(Portal([record], PIPELINES), "deals", tmp_path)
    assert (row["contact_id"], row["contact_ids"]) == (primary, all_of_them)


def test_contacts_of_a_deal_that_has_pages_of_them_are_all_read(tmp_path: Path):
    many = tuple((str(n), "Primary" if n == 5 else None) for n in range(1, 6))
    records = [
        replace(deal(1, won("09-10 10:00", "10")), links=many),
        replace(deal(2, won("09-10 10:00", "10")), links=many[:2]),
        replace(deal(3, won("09-10 10:00", "10")), links=many[:3]),
    ]
    found = rows(Paged(records, PIPELINES), "deals", tmp_path)
    assert [(row["contact_id"], row["contact_ids"]) for row in found] == [
        ("5", "1;2;3;4;5"), (None, "1;2"), (None, "1;2;3"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sub_category", "times", "contacts", "lacking"),
    [
        (None, 1, ["7", "8"], 0),  # once more is enough
        (None, 99, [None, "8"], 1),
        ("crm.associations.NO_ASSOCIATIONS_FOUND", 99, [None, "8"], 0),  # it has none
    ],
)  # fmt: skip
def test_an_error_beside_associations_costs_its_record_and_is_reported(
    tmp_path: Path, sub_category: str | None, times: int, contacts: list[Any], lacking: int
):
    records = [
        replace(deal(number, won("09-10 10:00", "10")), links=((contact, None),))
        for number, contact in ((1, "7"), (2, "8"))
    ]
    found = list(pages(Refusing(records, PIPELINES, sub_category, times), "deals", tmp_path))
    landed = [row for page in found if isinstance(page, list) for row in page]
    assert [row["contact_id"] for row in landed] == contacts
    assert len([page for page in found if isinstance(page, Absent)]) == lacking


def test_e_mails_that_may_not_be_read_cost_the_e_mails(tmp_path: Path):
    records = [
        Record(kind, str(n), (("09-03 12:00", {"hs_timestamp": iso("09-03 12:00"),
                                              "hs_email_text": "dear p1@example.com"}),))
        for n, kind in enumerate(("calls", "emails", "meetings", "tasks"), 1)
    ]  # fmt: skip
    found = list(pages(Forbidden(records, PIPELINES), "activities", tmp_path))
    assert [row["kind"] for page in found if isinstance(page, list) for row in page] == [
        "calls", "meetings", "tasks",
    ]  # fmt: skip
    [odd] = [page for page in found if isinstance(page, SetAside)]
    assert odd.position == "emails" and "sales-email-read" in odd.reason
    assert [page.value for page in found if isinstance(page, ControlTotal)] == [4]
    assert "@" not in str(found)
