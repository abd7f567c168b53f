"""Search Console: sandbox and requests against what we did not write, and what is landed."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from google.oauth2 import service_account as google_keys
from googleapiclient.discovery import Resource, build
from googleapiclient.errors import HttpError

from contract.search_property import DAY, SITE, WEEK, ZONE, access_to, changing, land, rows
from sandbox.desk import Asked
from trueup.landing.plan import windows
from trueup.landing.store import Landing
from trueup.sources.contract import Absent, Account, CompanyNames
from trueup.sources.search_console import SOURCE, client
from trueup.sources.search_console.streams import PERFORMANCE, RETENTION_DAYS
from trueup.window import Window

NAMES = CompanyNames()
QUESTION = {
    "startDate": str(WEEK.since),
    "endDate": str(WEEK.last_day),
    "dimensions": ["date", "page", "query"],
    "rowLimit": 25_000,
}


@pytest.fixture
def google(sandbox: Any, tmp_path: Path) -> Resource:
    """Google's own client, which reads the discovery document that comes with it."""
    key = json.loads(access_to(sandbox, tmp_path).secrets["service_account"])
    return build(
        "searchconsole",
        "v1",
        credentials=google_keys.Credentials.from_service_account_info(key, scopes=[client.SCOPE]),
        client_options={"api_endpoint": f"{sandbox.url}/search_console/"},
        static_discovery=True,
    )


@pytest.fixture(scope="module")
def discovery() -> dict[str, Any]:
    folder = resources.files("googleapiclient.discovery_cache.documents")
    return json.loads(folder.joinpath("searchconsole.v1.json").read_text("utf-8"))


def faults_of(content: Any, schema: dict[str, Any], schemas: dict[str, Any]) -> list[str]:
    """Where `content` is not as the discovery document has it."""
    schema = schemas[schema["$ref"]] if "$ref" in schema else schema
    if schema["type"] == "object":
        unknown = [f"{name} is unknown" for name in content if name not in schema["properties"]]
        return unknown + [
            f"{name}: {fault}"
            for name, value in content.items()
            if name in schema["properties"]
            for fault in faults_of(value, schema["properties"][name], schemas)
        ]
    if schema["type"] == "array":
        return [fault for one in content for fault in faults_of(one, schema["items"], schemas)]
    kinds = {"string": str, "integer": int, "number": float}
    if not isinstance(content, kinds[schema["type"]]):
        return [f"{content!r} is no {schema['type']}"]
    if "enum" in schema and content not in schema["enum"]:
        return [f"{content} is none of {schema['enum']}"]
    return []


def test_googles_own_client_reads_the_sandbox(google: Resource, sandbox: Any) -> None:
    sites = google.sites().list().execute()["siteEntry"]
    assert {one["siteUrl"]: one["permissionLevel"] for one in sites}[SITE] == "siteFullUser"
    assert google.sites().get(siteUrl=SITE).execute()["siteUrl"] == SITE
    found = google.searchanalytics().query(siteUrl=SITE, body=QUESTION).execute()
    assert found["responseAggregationType"] == "byPage" and len(found["rows"]) > 50
    row = found["rows"][0]
    assert len(row["keys"]) == 3 and row["ctr"] == row["clicks"] / row["impressions"]
    with pytest.raises(HttpError) as refused:
        google.searchanalytics().query(siteUrl="https://nobody.example/", body=QUESTION).execute()
    assert refused.value.status_code == 403
    assert refused.value.error_details[0]["reason"] == "forbidden"
    for wrong in ({"rowLimit": 25_001}, {"endDate": "2026-08-01"}, {"dimensions": ["colour"]}):
        with pytest.raises(HttpError) as refused:
            google.searchanalytics().query(siteUrl=SITE, body={**QUESTION, **wrong}).execute()
        assert refused.value.status_code == 400
    with pytest.raises(HttpError):
        body = {**QUESTION, "aggregationType": "byProperty"}
        google.searchanalytics().query(siteUrl=SITE, body=body).execute()


def test_our_requests_and_googles_answers_are_what_the_discovery_document_says(
    sandbox: Any, landing: Landing, tmp_path: Path, discovery: dict[str, Any]
) -> None:
    method = discovery["resources"]["searchanalytics"]["methods"]["query"]
    seen: list[tuple[Asked, Any]] = []

    def watch(asked: Asked, answer: Any) -> None:
        if "searchAnalytics" in asked.path:
            seen.append((asked, answer))

    sandbox.desk.spoil("search_console", watch, times=1)
    access = access_to(sandbox, tmp_path, search_types=["web", "image", "video", "news"])
    newest = Window(date(2026, 9, 10), date(2026, 9, 15))
    land(landing, access, newest)
    schemas = discovery["schemas"]
    assert any("metadata" in answer for _, answer in seen)
    for asked, answer in seen:
        assert asked.path == method["path"].replace("{siteUrl}", SITE)
        assert faults_of(asked.params, method["request"], schemas) == []
        # The document writes names as constants, the answers as the API always has.
        assert answer["responseAggregationType"] == "byPage"
        plain = {**answer, "responseAggregationType": "BY_PAGE"}
        assert faults_of(plain, method["response"], schemas) == []
    assert client.SCOPE in method["scopes"]
    assert client.GOOGLE_URL + "/" == discovery["rootUrl"]
    limit = schemas["SearchAnalyticsQueryRequest"]["properties"]["rowLimit"]["description"]
    assert f"1 to {client.PAGE_ROWS:,}" in limit


def test_rows_and_rests_add_up_to_what_google_states_of_each_page_and_day(
    google: Resource, sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    found = rows(landing, land(landing, access_to(sandbox, tmp_path)))
    for names in (["date", "page"], ["date"]):
        body = {**QUESTION, "dimensions": names, "aggregationType": "byPage"}
        stated = google.searchanalytics().query(siteUrl=SITE, body=body).execute()["rows"]
        sums: dict[tuple[str, ...], list[Any]] = defaultdict(lambda: [0, 0, Decimal(0)])
        for row in found:
            key = (str(row["search_date"]), row["page"])[: len(names)]
            sums[key][0] += row["clicks"]
            sums[key][1] += row["impressions"]
            sums[key][2] += row["impressions"] * row["position"]
        assert set(sums) == {tuple(one["keys"]) for one in stated}
        for one in stated:
            clicks, impressions, positions = sums[tuple(one["keys"])]
            assert (clicks, impressions) == (one["clicks"], one["impressions"])
            assert float(positions / impressions) == pytest.approx(one["position"], abs=1e-4)
    hidden = sum(row["clicks"] for row in found if row["is_anonymised"])
    assert 0.3 < hidden / sum(row["clicks"] for row in found) < 0.7
    assert all((row["query"] is None) is row["is_anonymised"] for row in found)


def test_the_world_is_landed_and_what_is_personal_is_not(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    """A query that holds a telephone number is counted with those that Google keeps to itself."""
    window = Window(date(2026, 8, 1), date(2026, 9, 11))
    found = rows(landing, land(landing, access_to(sandbox, tmp_path), window))
    is_named = "query is not null and query not like '%+44%'"
    truth = sandbox.desk.rows(
        f"""select search_date, page, case when {is_named} then query end as query,
            cast(sum(clicks) as bigint) as clicks, cast(sum(impressions) as bigint) as impressions
        from searches where search_date between '{window.since}' and '{window.last_day}'
        group by all"""
    )
    names = ("search_date", "page", "query", "clicks", "impressions")
    assert {tuple(row[name] for name in names) for row in found} == {
        tuple(row[name] for name in names) for row in truth
    }
    typed = sandbox.desk.rows("select count(*) as n from searches where query like '%+44%'")
    assert typed[0]["n"] > 0 and "7946" not in repr(found)


def test_days_are_read_past_the_most_rows_of_an_answer(
    sandbox: Any, landing: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = rows(landing, land(landing, access_to(sandbox, tmp_path)))
    monkeypatch.setattr(client, "PAGE_ROWS", 7)
    again = Landing(str(tmp_path / "again"))
    assert rows(again, land(again, access_to(sandbox, tmp_path))) == whole


def test_past_the_most_rows_of_a_day_the_rest_is_explicit(
    sandbox: Any, landing: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several days are asked for one by one, and of one day Google gives those with most clicks."""
    whole = land(landing, access_to(sandbox, tmp_path))
    queries = Counter(row["search_date"] for row in rows(landing, whole) if row["query"])

    def cut(asked: Asked, answer: Any) -> Any:
        is_fine = "QUERY" in asked.params.get("dimensions", ())
        if not is_fine or "rows" not in answer:
            return None
        return {**answer, "rows": answer["rows"][: max(0, 10 - asked.params["startRow"])]}

    monkeypatch.setattr(client, "MOST_ROWS", 10)
    sandbox.desk.spoil("search_console", cut, times=1_000)
    again = Landing(str(tmp_path / "again"))
    load = land(again, access_to(sandbox, tmp_path))
    assert load.control_totals == whole.control_totals and load.set_aside_count == 0
    named = Counter(row["search_date"] for row in rows(again, load) if row["query"])
    assert named == {day: min(count, 10) for day, count in queries.items()}
    assert max(queries.values()) > 10


def test_fresh_days_are_marked_and_restated(sandbox: Any, landing: Landing, tmp_path: Path) -> None:
    newest = Window(date(2026, 9, 10), date(2026, 9, 15))
    access = access_to(sandbox, tmp_path)
    first = rows(landing, land(landing, access, newest))
    final = {row["search_date"]: row["is_final"] for row in first}
    assert (
        final[date(2026, 9, 11)] and not final[date(2026, 9, 12)] and not final[date(2026, 9, 13)]
    )
    sandbox.desk.set_clock(datetime(2026, 9, 18, 6, 0))
    later = rows(landing, land(landing, access, newest))
    assert all(row["is_final"] for row in later)

    def clicks(found: list[dict[str, Any]], day: date) -> int:
        return sum(row["impressions"] for row in found if row["search_date"] == day)

    assert clicks(later, date(2026, 9, 11)) == clicks(first, date(2026, 9, 11))
    assert clicks(later, date(2026, 9, 13)) > clicks(first, date(2026, 9, 13))


def test_with_final_data_alone_the_newest_day_is_three_days_ago(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    day = date(2026, 9, 14)
    fresh, final = (access_to(sandbox, tmp_path, data_state=state) for state in ("all", "final"))
    assert SOURCE.written_through(fresh, PERFORMANCE, day) == day
    assert SOURCE.written_through(final, PERFORMANCE, day) == date(2026, 9, 11)
    assert SOURCE.written_through(fresh, PERFORMANCE, date(2026, 9, 3)) == date(2026, 9, 3)
    found = rows(landing, land(landing, final, Window(date(2026, 9, 10), date(2026, 9, 12))))
    assert found and all(row["is_final"] for row in found)


def test_a_prefix_has_its_own_pages_alone_and_is_asked_for_by_its_whole_name(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    prefix = "https://weddings.harbourhouse.example/"
    day = sandbox.desk.rows(
        f"select min(search_date) as day from searches where starts_with(page, '{prefix}')"
    )[0]["day"]
    window = Window(day, day + timedelta(days=1))
    found = rows(landing, land(landing, access_to(sandbox, tmp_path, prefix), window))
    assert found and all(row["page"].startswith(prefix) for row in found)
    assert {row["site_url"] for row in found} == {prefix}


def test_a_day_is_asked_for_as_far_back_as_google_keeps_it() -> None:
    """Sixteen months, in questions of the days that are fetched again anyway."""
    day = date(2026, 9, 14)
    asked = windows(PERFORMANCE, day=day, history_start=date(2020, 1, 1), covered=set())
    assert min(window.since for window in asked) >= day - timedelta(days=RETENTION_DAYS)
    assert all((w.until - w.since).days <= 11 for w in asked)
    again = windows(
        PERFORMANCE,
        day=day,
        history_start=date(2026, 8, 1),
        covered={date(2026, 8, 1) + timedelta(days=n) for n in range(44)},
    )
    assert [(w.since, w.last_day) for w in again] == [(date(2026, 9, 4), day)]


def test_the_days_before_google_shows_a_property_are_not_missing(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    window = Window(date(2026, 7, 25), date(2026, 8, 5))
    access = access_to(sandbox, tmp_path)
    (absent,) = [
        page for page in SOURCE.extract(access, PERFORMANCE, window) if isinstance(page, Absent)
    ]
    first = sandbox.desk.rows("select min(search_date) as day from searches")[0]["day"]
    assert absent.kind == "before" and absent.days == Window(window.since, first)
    assert land(landing, access, window).row_count > 20


@pytest.mark.parametrize(
    ("accounts", "said"),
    [
        (["sc-domain:a.example"], ""),
        (["https://www.a.example/", "https://a.example/"], ""),
        (["https://a.example/en/", "https://a.example/de/"], ""),
        (["sc-domain:a.example", "sc-domain:b.example"], ""),
        (["sc-domain:a.example", "sc-domain:notaa.example"], ""),
        (["a.example"], "not written as a property; write sc-domain:example.com"),
        (["https://a.example"], "its last slash"),
        (["sc-domain:a.example", "https://www.a.example/"], "lies within sc-domain:a.example"),
        (["sc-domain:a.example", "sc-domain:shop.a.example"], "lies within sc-domain:a.example"),
        (["sc-domain:A.example", "http://a.example:80/x/"], "lies within sc-domain:A.example"),
        (["https://a.example/", "https://a.example/en/"], "counted twice"),
    ],
)
def test_properties_that_are_none_or_lie_in_one_another_are_reported(
    sandbox: Any, tmp_path: Path, accounts: list[str], said: str
) -> None:
    access = replace(
        access_to(sandbox, tmp_path), accounts=tuple(Account(one, ZONE, "EUR") for one in accounts)
    )
    problems = list(SOURCE.problems(access, NAMES))
    assert (len(problems) == 1 and said in problems[0]) if said else problems == []


def test_the_days_of_a_property_are_the_pacific_coasts(sandbox: Any, tmp_path: Path) -> None:
    access = access_to(sandbox, tmp_path)
    access = replace(access, accounts=(Account(SITE, "Europe/Lisbon", "EUR"),))
    assert [one for one in SOURCE.problems(access, NAMES) if "America/Los_Angeles" in one]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, ""),
        ({"search_types": ["web", "image"], "data_state": "final"}, ""),
        ({"search_types": ["discover"]}, "search_types"),
        ({"search_types": "web"}, "search_types"),
        ({"search_types": []}, "search_types"),
        ({"data_state": "hourly_all"}, "data_state"),
    ],
)
def test_options_are_checked_by_their_words(options: dict[str, Any], said: str) -> None:
    problems = list(SOURCE.option_problems(options))
    assert bool(problems) is bool(said) and all(said in one for one in problems)


def test_a_query_google_takes_back_is_in_the_rest_of_the_days_next_load(
    sandbox: Any, landing: Landing, tmp_path: Path
) -> None:
    access = access_to(sandbox, tmp_path)
    first = land(landing, access, DAY)
    fewer = changing(["date", "page", "query"], lambda found: found[1:])
    sandbox.desk.spoil("search_console", fewer, 9)
    second = land(landing, access, DAY)
    queries = [
        sum(row["query"] is not None for row in rows(landing, load)) for load in (first, second)
    ]
    assert queries[1] == queries[0] - 1
    assert second.control_totals == first.control_totals
    current = landing.current("search_console", PERFORMANCE)
    assert [load.load_id for load, days in current if DAY.since in days] == [second.load_id]
