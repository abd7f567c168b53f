"""Google Ads: what is landed is what the account shows, by its own days, once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from contract.google_ads_account import (
    CUSTOMER,
    DAY,
    MONTH,
    WEEK,
    ZONE,
    access_to,
    land,
    rows,
    unknown_error,
    window_of,
)
from sandbox.vendors import google_ads, google_ads_answer
from trueup.landing.plan import windows
from trueup.landing.store import Landing
from trueup.sources import google_auth
from trueup.sources.contract import Access, ControlTotal
from trueup.sources.google_ads import SOURCE, client
from trueup.sources.http import NoAnswer
from trueup.window import Window

STREAMS = [stream.name for stream in SOURCE.streams]


@pytest.fixture
def access(sandbox: Any, tmp_path: Path) -> Access:
    return access_to(sandbox.url, tmp_path)


def test_every_stream_lands_with_rows(access: Access, landing: Landing) -> None:
    for name in STREAMS:
        load = land(access, landing, name, window_of(name))
        assert load.row_count and not load.extra_columns, name
        assert {row["customer_id"] for row in rows(landing, load)} == {CUSTOMER}


@pytest.mark.parametrize("name", STREAMS)
def test_all_pages_are_fetched_and_a_second_run_changes_nothing(
    name: str, access: Access, landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = rows(landing, land(access, landing, name, window_of(name)))
    monkeypatch.setattr(google_ads, "PAGE_ROWS", 3)
    stream, window = SOURCE.stream(name), window_of(name)
    pages = [page for page in SOURCE.extract(access, stream, window) if isinstance(page, list)]
    # What no term accounts for is known once all terms are there: they land as one page.
    assert name == "search_terms" or len(pages) >= len(whole) / 3
    assert rows(landing, land(access, landing, name, window)) == whole


def test_a_window_split_in_two_gives_what_the_whole_gives(access: Access, landing: Landing) -> None:
    for name in ("ad_performance", "conversions", "conversions_by_conversion_date"):
        whole = land(access, landing, name, WEEK)
        parts = [land(access, landing, name, part) for part in WEEK.split(3)]
        assert rows(landing, *parts) == rows(landing, whole)


@pytest.mark.parametrize("name", ["campaign_performance", "conversions", "campaigns", "clicks"])
def test_what_google_states_is_stated_of_all_pieces_together(
    name: str, sandbox: Any, access: Access
) -> None:
    """A question refused once too often is asked of fewer days at a time."""
    stream = SOURCE.stream(name)
    if name in ("campaign_performance", "conversions"):
        sandbox.desk.spoil("google_ads", unknown_error, times=3)
    pages = list(SOURCE.extract(access, stream, window_of(name)))
    landed = [row for page in pages if isinstance(page, list) for row in page]
    stated = {page.name: Decimal(page.value) for page in pages if isinstance(page, ControlTotal)}
    counted = {f"sum:{c}": sum(Decimal(str(row[c])) for row in landed) for c in stream.control}
    expected = {"rows": len(landed)} if "rows" in stated else counted
    assert stated == expected and landed


def test_spend_is_what_the_world_spent_and_levels_nest(
    sandbox: Any, access: Access, landing: Landing
) -> None:
    spent = sandbox.desk.rows(
        """select ad_date, cost_micros from account_daily
        where platform = 'google_ads' and known_at <= $now
            and ad_date >= $since and ad_date < $until
        qualify row_number() over (partition by ad_date order by version desc) = 1""",
        since=WEEK.since,
        until=WEEK.until,
    )
    cost = {
        name: Counter[date]()
        for name in (
            "account_performance",
            "campaign_performance",
            "ad_performance",
        )
    }
    for name, by_day in cost.items():
        for row in rows(landing, land(access, landing, name, WEEK)):
            by_day[row["ad_date"]] += row["cost"]
    account, campaign, ad = cost.values()
    micros = Decimal("0.000001")
    assert account == {row["ad_date"]: row["cost_micros"] * micros for row in spent}
    for day in WEEK.days():
        # Invalid-click credits stand on the account alone, Performance Max has no ads.
        assert account[day] > campaign[day] > ad[day] > 0


def test_claims_are_complete_at_campaign_level_and_say_their_definition(
    sandbox: Any, access: Access, landing: Landing
) -> None:
    claims = sandbox.desk.rows(
        f"""select kind, count(*) filter (not is_modelled) as plain,
            count(*) filter (is_modelled) as modelled
        from claims
        where platform = 'google_ads' and known_at <= $now
            and cast(touched_at at time zone 'UTC' at time zone '{ZONE}' as date) >= $since
            and cast(touched_at at time zone 'UTC' at time zone '{ZONE}' as date) < $until
        group by kind""",
        since=MONTH.since,
        until=MONTH.until,
    )
    made = {claim["kind"]: claim for claim in claims}
    landed = rows(landing, land(access, landing, "conversions", MONTH))
    total = {level: Decimal(0) for level in ("campaign", "ad")}
    for row in landed:
        total[row["level"]] += row["all_conversions"]
    clicked = made["click"]
    assert clicked["plain"] + clicked["modelled"] / 2 <= total["campaign"]
    assert total["campaign"] < clicked["plain"] + clicked["modelled"]
    assert 0 < total["ad"] < total["campaign"]
    campaigns = [row for row in landed if row["level"] == "campaign"]
    viewed = sum(row["view_through_conversions"] for row in campaigns)
    assert viewed == made["view"]["plain"] + made["view"]["modelled"] > 0
    purchases = [r for r in landed if r["conversion_action_name"] == "Purchase (web)"]
    definition = {
        (
            row["attribution_model"],
            row["click_through_lookback_window_days"],
            row["view_through_lookback_window_days"],
        )
        for row in purchases
    }
    assert definition == {("GOOGLE_SEARCH_ATTRIBUTION_DATA_DRIVEN", 30, 1)}
    # A secondary action is claimed, but not counted among the account's conversions.
    forms = [r for r in landed if r["conversion_action_name"] == "Lead form (web)"]
    assert forms and not any(row["conversions"] for row in forms)


def test_what_google_books_between_the_levels_is_the_campaigns(
    sandbox: Any, access: Access, landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_for = client.Customer._report

    def report(*asked: Any) -> client.Report:
        answer = ask_for(*asked)
        sandbox.desk.set_clock(datetime.fromisoformat("2026-09-20T06:00"))
        return answer

    monkeypatch.setattr(client.Customer, "_report", report)
    fortnight = Window(date(2026, 9, 1), date(2026, 9, 15))
    left: Counter[tuple[str, date, str]] = Counter()
    for row in rows(landing, land(access, landing, "conversions", fortnight)):
        claim = (row["campaign_id"], row["ad_date"], row["conversion_action_id"])
        left[claim] += row["all_conversions"] * (1 if row["level"] == "campaign" else -1)
    assert min(left.values()) >= 0 < max(left.values())


def test_what_google_may_leave_unset_stops_no_load(
    access: Access, landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model of the action and whether it is primary."""
    unset = google_ads_answer.TABLES
    model = "coalesce(content->'models'->>action, model)\n           "
    for written in ("is_primary", model):
        assert f'{written} as "conversion_action' in unset
        unset = unset.replace(f'{written} as "conversion_action', 'null as "conversion_action')
    monkeypatch.setattr(google_ads_answer, "TABLES", unset)
    actions = rows(landing, land(access, landing, "conversion_actions", DAY))
    assert {(row["attribution_model"], row["primary_for_goal"]) for row in actions} == {
        (None, None)
    }
    claims = rows(landing, land(access, landing, "conversions", WEEK))
    assert {row["attribution_model"] for row in claims} == {"UNKNOWN"}


def test_the_two_date_bases_count_the_same_claims_on_different_days(
    access: Access, landing: Landing
) -> None:
    everything = Window(date(2026, 5, 1), date(2026, 9, 16))
    by_click = rows(landing, land(access, landing, "conversions", everything))
    by_conversion = rows(
        landing, land(access, landing, "conversions_by_conversion_date", everything)
    )

    def by_day(found: list[dict[str, Any]], column: str) -> Counter[date]:
        days: Counter[date] = Counter()
        for row in found:
            days[row["ad_date"]] += row[column]
        return days

    clicked = by_day(by_click, "all_conversions")
    converted = by_day(by_conversion, "all_conversions_by_conversion_date")
    assert clicked.total() == converted.total() > 0
    assert clicked != converted


def test_restatement_is_seen_when_the_clock_moves(
    sandbox: Any, access: Access, landing: Landing
) -> None:
    last = Window(date(2026, 9, 14), date(2026, 9, 15))
    names = ("campaign_performance", "conversions")
    first = {name: land(access, landing, name, last) for name in names}
    sandbox.desk.set_clock(datetime.fromisoformat("2026-09-20T06:00"))
    again = {name: land(access, landing, name, last) for name in names}
    for name, column in zip(names, ("cost", "all_conversions"), strict=True):
        before, after = (Decimal(x[name].control_totals[column]) for x in (first, again))
        assert after > before


def test_a_claim_arrives_within_the_days_that_are_fetched_again(sandbox: Any) -> None:
    late = sandbox.desk.rows(
        f"""select claim_id from claims where platform = 'google_ads' and known_at >
            touched_at + interval {SOURCE.stream("conversions").restate_days} days"""
    )
    assert late == []


def test_days_are_the_accounts_and_clicks_are_asked_for_one_by_one(
    sandbox: Any, access: Access, landing: Landing
) -> None:
    since, until = (moment.replace(tzinfo=None) for moment in DAY.instants(ZONE))
    clicked = sandbox.desk.rows(
        """select click_id, ad_id from ad_clicks
        where platform = 'google_ads' and clicked_at >= $since and clicked_at < $until""",
        since=since,
        until=until,
    )
    landed = rows(landing, land(access, landing, "clicks", DAY))
    assert {row["gclid"]: row["ad_id"] for row in landed} == {
        click["click_id"]: click["ad_id"] and str(click["ad_id"]) for click in clicked
    }
    assert any(row["ad_id"] is None and row["ad_group_id"] is None for row in landed)
    planned = windows(
        SOURCE.stream("clicks"),
        day=date(2026, 9, 14),
        history_start=date(2026, 1, 1),
        covered=set(),
    )
    assert planned[0].since == date(2026, 6, 17)
    assert {len(list(window.days())) for window in planned} == {1}


@pytest.mark.parametrize("name", [stream.name for stream in SOURCE.streams if stream.day])
def test_the_oldest_days_planned_are_some_google_still_has(name: str, access: Access) -> None:
    stream = SOURCE.stream(name)
    since_ever = date(2015, 1, 1)
    planned = windows(stream, day=date(2026, 9, 14), history_start=since_ever, covered=set())
    list(SOURCE.extract(access, stream, planned[0]))


def test_removed_campaigns_are_listed_and_names_are_those_of_today(
    sandbox: Any, access: Access, landing: Landing
) -> None:
    sandbox.desk.set_clock(datetime.fromisoformat("2026-08-02T06:00"))
    before = rows(landing, land(access, landing, "campaigns", DAY))
    sandbox.desk.set_clock(datetime.fromisoformat("2026-09-30T06:00"))
    after = rows(landing, land(access, landing, "campaigns", DAY))
    assert len(before) == len(after)
    assert "REMOVED" in {row["status"] for row in after}
    changed = [
        (was["campaign_name"], now["campaign_name"])
        for was in before
        for now in after
        if was["campaign_id"] == now["campaign_id"] and was["campaign_name"] != now["campaign_name"]
    ]
    assert changed


def test_one_sign_in_serves_many_windows_until_its_token_ends(
    sandbox: Any, access: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in = []
    sign_in = google_auth.RefreshTokenAuth._sign_in
    monkeypatch.setattr(google_auth, "_kept", {})
    monkeypatch.setattr(
        google_auth.RefreshTokenAuth,
        "_sign_in",
        lambda auth: signed_in.append(auth.window) or sign_in(auth),
    )
    now = [0.0]
    stream = SOURCE.stream("campaigns")
    for moment in (0, 3500, 3540, 7079, 7080):
        now[0] = moment
        google_auth.RefreshTokenAuth(access, stream, DAY, now=lambda: now[0]).token()
    assert len(signed_in) == 3


def test_google_itself_signs_in_at_google(access: Access) -> None:
    google = replace(access, base_url="https://googleads.googleapis.com")
    assert google_auth.token_url(google) == "https://oauth2.googleapis.com/token"
    assert google_auth.token_url(access) == f"{access.base_url}/token"
    elsewhere = replace(access, options={"token_url": "https://proxy.example/token"})
    assert google_auth.token_url(elsewhere) == "https://proxy.example/token"


def test_a_sign_in_without_an_answer_names_the_address_that_was_asked(
    access: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRUEUP_HTTP_ATTEMPTS", "1")
    monkeypatch.setattr(google_auth, "_kept", {})
    silent = replace(access, options={"token_url": "http://127.0.0.1:9/token"})
    with pytest.raises(NoAnswer, match="no usable answer from http://127.0.0.1:9/token;"):
        google_auth.RefreshTokenAuth(silent, SOURCE.stream("campaigns"), DAY).token()
