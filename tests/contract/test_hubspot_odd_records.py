"""HubSpot: a record that is not shaped as declared costs that record; an answer that is not is one
clear error."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contract.hubspot_portal import WINDOW, access_to, land
from sandbox.desk import Asked
from trueup.errors import BrokenContract
from trueup.landing.store import Landing
from trueup.sources.contract import Absent, Access, SetAside
from trueup.sources.hubspot import SOURCE


@pytest.fixture
def access(sandbox: Any, tmp_path: Path) -> Access:
    return access_to(sandbox.url, tmp_path)


def extracted(access: Access, stream: str) -> tuple[list[Any], list[SetAside], list[Absent]]:
    """Rows, what is set aside, and what is absent."""
    pages = list(SOURCE.extract(access, SOURCE.stream(stream), WINDOW))
    rows = [row for page in pages if isinstance(page, list) for row in page]
    odd = [page for page in pages if isinstance(page, SetAside)]
    return rows, odd, [page for page in pages if isinstance(page, Absent)]


def once(path: str, change: Callable[[Any], None]) -> Callable[[Asked, Any], Any]:
    """Spoils the first answer of `path` that has results."""

    def spoil(asked: Asked, answer: Any) -> Any:
        if not asked.path.endswith(path) or not answer.get("results"):
            return None
        change(answer["results"])
        return answer

    return spoil


@pytest.mark.parametrize(
    "histories",
    [
        None,
        [],
        "none",
        {"amount": None, "enquiry_form": None},
        {"amount": "none", "enquiry_form": "none"},
        {"amount": [None], "enquiry_form": [None]},
        {
            name: [{"timestamp": "2026-08-02T00:00:00Z", "value": {}, "sourceType": "FORM"}]
            for name in ("amount", "enquiry_form")
        },
    ],
)
@pytest.mark.parametrize(
    ("stream", "kind", "key"),
    [
        ("deal_stages", "deals", "deal_id"),
        ("contacts", "contacts", "contact_id"),
        ("submissions", "contacts", "contact_id"),
    ],
)
def test_a_history_that_is_none_costs_its_record(
    sandbox: Any, access: Access, stream: str, kind: str, key: str, histories: Any
) -> None:
    calm, before, _ = extracted(access, stream)
    spoilt: list[str] = []

    def change(results: list[Any]) -> None:
        results[0]["propertiesWithHistory"] = histories
        spoilt.append(results[0]["id"])

    sandbox.desk.spoil("hubspot", once(f"{kind}/batch/read", change))
    rows, [aside], _ = extracted(access, stream)
    assert not before and aside.position == f"{kind} {spoilt[0]}"
    assert "histor" in aside.reason or "timestamp" in aside.reason
    assert rows == [row for row in calm if row[key] != spoilt[0]]


@pytest.mark.parametrize(
    ("name", "value"),
    [("deal_currency_code", ""), ("dealstage", ""), ("pipeline", None), ("amount", "-500"),
     ("amount", "12 000"), ("amount", "NaN")],
)  # fmt: skip
def test_what_is_emptied_stays_as_it_was_last_said(
    sandbox: Any, access: Access, name: str, value: str | None
) -> None:
    """So it is with an amount that no deal can have: it is for its own row to say."""
    spoilt: list[str] = []

    def change(results: list[Any]) -> None:
        one = next(one for one in results if one["propertiesWithHistory"][name])
        past = one["propertiesWithHistory"][name]
        past.insert(0, {**past[0], "value": value or ""})
        one["properties"][name] = value
        spoilt.append(one["id"])

    calm, *_ = extracted(access, "deals")
    lives, *_ = extracted(access, "deal_stages")
    sandbox.desk.spoil("hubspot", once("deals/batch/read", change))
    rows, odd, _ = extracted(access, "deals")
    assert (rows, odd) == (calm, []) and spoilt
    sandbox.desk.spoil("hubspot", once("deals/batch/read", change))
    again, *_ = extracted(access, "deal_stages")
    assert len(again) == len(lives) and (again == lives) == (name != "amount")


@pytest.mark.parametrize("stream", ["deals", "contacts"])
def test_whether_it_is_archived_may_come_as_a_text(
    sandbox: Any, access: Access, stream: str
) -> None:
    def change(results: list[Any]) -> None:
        for one in results:
            one["archived"] = str(one["archived"]).lower()

    calm = extracted(access, stream)
    sandbox.desk.spoil("hubspot", once(f"{stream}/search", change))
    assert extracted(access, stream) == calm

    sandbox.desk.spoil("hubspot", once(f"{stream}/search", lambda found: found[0].pop("archived")))
    rows, [aside], _ = extracted(access, stream)
    assert len(rows) == len(calm[0]) - 1 and "whether it is archived" in aside.reason


@pytest.mark.parametrize("record", [None, "a text", [], 7])
def test_what_is_no_record_costs_its_place_in_a_search(
    sandbox: Any, access: Access, record: Any
) -> None:
    def change(results: list[Any]) -> None:
        results[0] = record

    calm, *_ = extracted(access, "deals")
    sandbox.desk.spoil("hubspot", once("deals/search", change))
    rows, [aside], _ = extracted(access, "deals")
    assert len(rows) == len(calm) - 1 and all(row in calm for row in rows)
    assert aside.reason == "it has no id"


@pytest.mark.parametrize("record", [None, "an id", []])
def test_what_is_no_record_in_a_batch_is_asked_for_again(
    sandbox: Any, access: Access, record: Any
) -> None:
    def change(results: list[Any]) -> None:
        results[0] = record

    calm = extracted(access, "deals")
    sandbox.desk.spoil("hubspot", once("deals/batch/read", change))
    assert extracted(access, "deals") == calm


@pytest.mark.parametrize("path", ["objects/deals", "deals/batch/read", "pipelines/deals"])
@pytest.mark.parametrize("results", [None, "none", {}])
def test_results_that_are_no_list_are_a_broken_contract(
    sandbox: Any, access: Access, landing: Landing, path: str, results: Any
) -> None:
    def spoil(asked: Asked, answer: Any) -> Any:
        return {**answer, "results": results} if asked.path.endswith(path) else None

    stream = "pipelines" if "pipelines" in path else "deals"
    sandbox.desk.spoil("hubspot", spoil, times=99)
    with pytest.raises(BrokenContract, match="HubSpot's results") as raised:
        land(landing, access, stream)
    message = str(raised.value)
    for part in (f"stream: {stream}", "account: 24680246", "expected: a list in", "got: ", "next"):
        assert part in message
    assert landing.loads("hubspot", stream) == []


@pytest.mark.parametrize("paging", [{"next": {}}, {"next": {"after": None}}, "more"])
def test_a_further_page_without_its_cursor_is_a_broken_contract(
    sandbox: Any, access: Access, paging: Any
) -> None:
    def spoil(asked: Asked, answer: Any) -> Any:
        return {**answer, "paging": paging} if asked.path.endswith("objects/deals") else None

    sandbox.desk.spoil("hubspot", spoil)
    with pytest.raises(BrokenContract, match="HubSpot's paging"):
        extracted(access, "deals")


@pytest.mark.parametrize(
    ("stage", "says"),
    [(None, "no object"), ("a text", "no object"), ({"id": "x", "metadata": "y"}, "metadata")],
)
def test_a_stage_that_is_none_costs_that_stage(
    sandbox: Any, access: Access, stage: Any, says: str
) -> None:
    def change(results: list[Any]) -> None:
        results[0]["stages"][0] = stage

    calm, *_ = extracted(access, "pipelines")
    sandbox.desk.spoil("hubspot", once("pipelines/deals", change))
    rows, [aside], _ = extracted(access, "pipelines")
    assert rows == calm[1:]
    assert says in aside.reason and "pipeline weddings" in aside.position


@pytest.mark.parametrize("pipeline", [None, "a text", []])
def test_a_pipeline_that_is_none_costs_that_pipeline(
    sandbox: Any, access: Access, pipeline: Any
) -> None:
    def change(results: list[Any]) -> None:
        results[0] = pipeline

    sandbox.desk.spoil("hubspot", once("pipelines/deals", change))
    rows, [aside], _ = extracted(access, "pipelines")
    assert {row["pipeline"] for row in rows} == {"events"}
    assert aside.position == "pipeline number 1"


ODD_LINKS = [
    [{"toObjectId": 7, "associationTypes": [{"label": 5}]}],
    [{"toObjectId": 7, "associationTypes": ["primary"]}],
    [{"toObjectId": None, "associationTypes": []}],
    [None],
    None,
]


@pytest.mark.parametrize("links", ODD_LINKS)
def test_an_association_that_is_none_leaves_its_record_without_and_is_reported(
    sandbox: Any, access: Access, links: Any
) -> None:
    spoilt: list[str] = []

    def change(results: list[Any]) -> None:
        if len(results) > 1:
            spoilt[:] = spoilt or [results[0]["from"]["id"]]
        for result in results:
            if result["from"]["id"] in spoilt:
                result["to"] = links

    calm, *_ = extracted(access, "deals")
    sandbox.desk.spoil("hubspot", once("deals/contacts/batch/read", change), times=99)
    rows, odd, [absent] = extracted(access, "deals")
    assert not odd and absent.why.startswith("1 of the records") and absent.kind == "part"
    without = {"contact_id": None, "contact_ids": None}
    assert rows == [row | without if row["deal_id"] in spoilt else row for row in calm]


@pytest.mark.parametrize("links", ODD_LINKS)
def test_associations_that_are_all_none_are_a_broken_contract(
    sandbox: Any, access: Access, links: Any
) -> None:
    def change(results: list[Any]) -> None:
        for result in results:
            result["to"] = links

    sandbox.desk.spoil("hubspot", once("deals/contacts/batch/read", change), times=99)
    with pytest.raises(BrokenContract, match="HubSpot's association"):
        extracted(access, "deals")
