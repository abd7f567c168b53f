"""Meta: what our extraction lands of the sandbox's account, against the world it shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from sandbox.desk import Asked
from trueup.landing.intake import take_in
from trueup.landing.store import Landing, Load
from trueup.sources.contract import Access, Account, ControlTotal
from trueup.sources.meta_ads import SOURCE, client, insights
from trueup.sources.meta_ads import rows as made
from trueup.sources.meta_ads.streams import STATED, WINDOWS
from trueup.window import Window

TOKEN, SECRET = "sandbox-meta-token", "sandbox-meta-app-secret"
ACCOUNT = "act_900100200"
WINDOW = Window(date(2026, 8, 1), date(2026, 8, 31))


@pytest.fixture(autouse=True)
def _brisk_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "FIRST_POLL", 0.005)


@pytest.fixture
def access(sandbox: Any, tmp_path: Path) -> Access:
    return Access(
        source="meta_ads",
        base_url=f"{sandbox.url}/meta_ads",
        accounts=(Account(ACCOUNT, "Europe/Amsterdam", "GBP"),),
        options={},
        history_start=WINDOW.since,
        reporting_zone="Europe/Lisbon",
        reporting_currency="EUR",
        folder=tmp_path,
        secrets={"access_token": TOKEN, "app_secret": SECRET},
    )


def land(landing: Landing, access: Access, name: str, window: Window = WINDOW) -> Load:
    stream = SOURCE.stream(name)
    pages = SOURCE.extract(access, stream, window)
    return take_in(
        landing, "meta_ads", stream, window, pages, api_version=SOURCE.api_version, hash_key="k"
    )


def query(landing: Landing, loads: Load | list[Load], sql: str) -> list[tuple[Any, ...]]:
    """`sql` over the view `landed` of the loads' rows."""
    chosen = loads if isinstance(loads, list) else [loads]
    con = duckdb.connect()
    files = [landing.path(file.name) for load in chosen for file in load.files]
    con.register("landed", con.read_parquet(files).to_arrow_table())
    return con.execute(sql).fetchall()


def everything(landing: Landing, loads: Load | list[Load]) -> list[tuple[Any, ...]]:
    return query(landing, loads, "select * from landed order by all")


def test_all_pages_land_and_a_second_run_gives_the_same(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    for name in ("ad_performance", "actions", "campaigns"):
        before = sandbox.desk.calls["meta_ads"]
        few = replace(access, options={"page_size": 2 if name == "campaigns" else 60})
        small = land(landing, few, name)
        assert sandbox.desk.calls["meta_ads"] - before > 2, name
        again = land(landing, access, name)
        assert small.row_count and everything(landing, small) == everything(landing, again)


@pytest.mark.parametrize("name", ["ad_performance", "account_performance", "campaigns"])
def test_what_meta_states_is_stated_of_all_pieces_together(
    name: str, access: Access, sandbox: Any
) -> None:
    sandbox.desk.order_fault("meta_ads", "too_much_data", 2)
    pages = list(SOURCE.extract(access, SOURCE.stream(name), WINDOW))
    landed = [row for page in pages if isinstance(page, list) for row in page]
    stated = {page.name: page.value for page in pages if isinstance(page, ControlTotal)}
    counted = {f"sum:{c}": sum(int(row[c]) for row in landed) for c in STATED if c in landed[0]}
    assert stated == (counted or {"rows": len(landed)})


def test_spend_is_the_worlds_to_the_cent_deleted_ads_included(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    load = land(landing, access, "ad_performance")
    truth = sandbox.desk.rows(
        """select sum(cost_micros) / 1e6 as spend, sum(impressions)::bigint as impressions
        from (select * from ad_daily where platform = 'meta_ads' and known_at <= $now
            and ad_date between '2026-08-01' and '2026-08-30'
            qualify row_number() over (partition by ad_id, ad_date order by version desc) = 1)"""
    )[0]
    assert Decimal(load.control_totals["spend"]) == round(Decimal(truth["spend"]), 2)
    assert load.control_totals["impressions"] == str(truth["impressions"])
    deleted = sandbox.desk.rows(
        "select distinct campaign_id::varchar as id from campaign_versions where status = 'DELETED'"
    )
    spent = query(landing, load, "select campaign_id, sum(spend) from landed group by 1")
    assert dict(spent)[deleted[0]["id"]] > 0
    account = land(landing, access, "account_performance")
    assert Decimal(account.control_totals["spend"]) >= Decimal(load.control_totals["spend"])


def test_seven_days_of_clicks_and_one_of_views_are_the_headline_claim(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    """Days of the conversion in the account's zone, whatever the ad set's own setting."""
    window = Window(WINDOW.since, date(2026, 9, 14))
    loads = [land(landing, access, "actions", part) for part in window.split(30)]
    truth = sandbox.desk.rows(
        """with converted as (
            select *, (converted_at at time zone 'UTC' at time zone 'Europe/Amsterdam')::date as day
            from claims where platform = 'meta_ads' and known_at <= $now
        )
        select day, case action when 'purchase' then 'omni_purchase' else action end as kind,
            count(*) as n, sum(value_amount_local) as amount,
            count(*) filter (converted_at::date <> day) as over_midnight
        from converted
        where day between '2026-08-01' and '2026-09-13' and converted_at - touched_at <=
            case converted.kind when 'view' then interval 1 day else interval 7 day end
        group by 1, 2 order by 1, 2"""
    )
    assert sum(row["over_midnight"] for row in truth) > 0
    landed = query(
        landing,
        loads,
        """
        select date_start, action_type, sum(action_count), sum(action_value) from landed
        where action_type in ('omni_purchase', 'lead')
            and attribution_window in ('7d_click', '1d_view')
        group by 1, 2 order by 1, 2""",
    )
    assert landed == [(row["day"], row["kind"], row["n"], row["amount"]) for row in truth]


def test_the_plain_count_follows_each_ad_sets_own_setting(access: Access, landing: Landing) -> None:
    load = land(landing, access, "actions")
    found = query(
        landing,
        load,
        """
        select attribution_setting, attribution_window, sum(action_count) from landed
        where action_type = 'omni_purchase' group by all""",
    )
    counts: dict[str, dict[str, Any]] = {}
    for setting, window, count in found:
        counts.setdefault(setting, {})[window] = count
    assert set(counts) == {"1d_click", "7d_click", "7d_click_1d_view"}
    assert counts["1d_click"].get("default") == counts["1d_click"].get("1d_click")
    assert counts["7d_click"]["default"] == counts["7d_click"]["7d_click"]
    both = counts["7d_click_1d_view"]
    assert both["default"] == both["7d_click"] + both["1d_view"]


def test_an_ad_set_without_a_setting_keeps_its_spend_and_its_claims(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    """Meta leaves the field out where there is none; so it does a campaign's objective."""
    calm = {
        name: land(landing, access, name) for name in ("ad_performance", "actions", "campaigns")
    }

    def spoil(asked: Asked, answer: Any) -> Any:
        rows = answer.get("data", ()) if isinstance(answer, dict) else ()
        for row in rows:
            row.pop("attribution_setting", None)
            row.pop("objective", None)
        return answer if rows else None

    sandbox.desk.spoil("meta_ads", spoil, times=99)
    for name, load in calm.items():
        without = land(landing, access, name)
        assert (without.row_count, without.set_aside_count) == (load.row_count, 0)
        assert without.control_totals == load.control_totals


def test_what_actions_leave_out_lands_beside_them(access: Access, landing: Landing) -> None:
    """Contacts are listed under `conversions`, in the same windows as the leads they are."""
    load = land(landing, access, "actions")
    sql = """select sum(action_count), sum(action_value) from landed
        where action_type = '{}' and attribution_window = '7d_click'"""
    [leads], [contacts] = (query(landing, load, sql.format(k)) for k in ("lead", "contact_total"))
    assert contacts == leads and leads[0] > 0


def test_windows_nest_and_action_types_overlap(access: Access, landing: Landing) -> None:
    load = land(landing, access, "actions")
    counts = dict(
        query(
            landing,
            load,
            """
        select attribution_window, sum(action_count) from landed
        where action_type = 'omni_purchase' group by 1""",
        )
    )
    assert counts["1d_click"] < counts["7d_click"] < counts["28d_click"]
    assert counts["1d_view"] < counts["default"] < counts["7d_click"] + counts["1d_view"]
    purchases = query(
        landing,
        load,
        """
        select sum(action_count) from landed
        where action_type like '%purchase' and attribution_window = 'default'""",
    )
    assert purchases[0][0] == 4 * counts["default"]


def test_a_window_split_in_two_and_a_slice_cut_in_half_give_the_whole(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    """A week is answered at once, the rest is a job; and Meta may ask for less at a time."""
    whole = land(landing, access, "actions")
    parts = [land(landing, access, "actions", part) for part in WINDOW.split(7)]
    sandbox.desk.order_fault("meta_ads", "too_much_data", 3)
    halved = land(landing, access, "actions")
    assert everything(landing, whole) == everything(landing, parts)
    assert everything(landing, whole) == everything(landing, halved)


def test_what_meta_revises_is_revised_on_the_next_run(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    """The first look is taken on the morning after a conversion that Meta tells of later."""
    [late] = sandbox.desk.rows(
        """select max(converted_at)::date + 1 as day from claims
        where platform = 'meta_ads' and known_at > converted_at::date + interval 31 hours"""
    )
    window = Window(late["day"] - timedelta(days=28), late["day"])
    sandbox.desk.set_clock(datetime.combine(late["day"], time(6)))
    before = {name: land(landing, access, name, window) for name in ("ad_performance", "actions")}
    sandbox.desk.set_clock(datetime.combine(late["day"] + timedelta(days=7), time(6)))
    for name, first in before.items():
        second = land(landing, access, name, window)
        assert everything(landing, second) != everything(landing, first)
        [(current, days)] = landing.current("meta_ads", SOURCE.stream(name))
        assert (current.load_id, days) == (second.load_id, set(window.days()))


def test_a_claim_arrives_within_the_days_that_are_fetched_again(sandbox: Any) -> None:
    """The longest window asked for, and however late Meta tells of a conversion at its end."""
    [slowest] = sandbox.desk.rows(
        """select max(date_diff('second', converted_at, known_at)) / 86400 as days_late
        from claims where platform = 'meta_ads'"""
    )
    longest = max(int(window.partition("d_")[0]) for window in WINDOWS)
    assert 0 < slowest["days_late"] <= SOURCE.stream("actions").restate_days - longest


def test_campaigns_are_as_they_are_called_now(
    access: Access, landing: Landing, sandbox: Any
) -> None:
    day = Window(date(2026, 9, 14), date(2026, 9, 15))
    sql = "select id, name, status from landed order by id"
    before = query(landing, land(landing, access, "campaigns", day), sql)
    sandbox.desk.set_clock(datetime.fromisoformat("2026-07-31T06:00"))
    earlier = query(landing, land(landing, access, "campaigns", day), sql)
    assert [row[0] for row in before] == [row[0] for row in earlier]
    assert before != earlier


def test_a_deleted_campaign_keeps_its_name_though_meta_lists_it_no_more(
    access: Access, landing: Landing, sandbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = Window(date(2026, 9, 14), date(2026, 9, 15))
    landed = land(landing, access, "campaigns", day)
    deleted = sandbox.desk.rows(
        """select campaign_id::varchar as id, campaign_name as name from campaign_versions
        where platform = 'meta_ads' and status = 'DELETED' and valid_from <= $now
        order by id"""
    )
    gone = query(landing, landed, "select id, name from landed where status = 'DELETED' order by 1")
    assert gone == [(row["id"], row["name"]) for row in deleted] != []
    # A campaign that is listed stands once, though ads of it were deleted.
    of_status = insights.of_status
    monkeypatch.setattr(
        insights, "of_status", lambda *statuses: of_status(*statuses, "ACTIVE", "CAMPAIGN_PAUSED")
    )
    again = land(landing, access, "campaigns", day)
    assert everything(landing, again) == everything(landing, landed)


def test_the_token_is_in_no_log(
    access: Access, landing: Landing, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    caplog.set_level("DEBUG", logger="urllib3.connectionpool")
    land(landing, replace(access, options={"page_size": 60}), "ad_performance")
    assert "/v26.0/act_900100200/insights" in caplog.text
    assert TOKEN not in caplog.text and SECRET not in caplog.text
    assert TOKEN not in repr(access)


def test_declared_streams_land_typed(access: Access, landing: Landing) -> None:
    load = land(landing, access, "ad_performance")
    table = duckdb.read_parquet([landing.path(f.name) for f in load.files]).to_arrow_table()
    assert table.schema.field("spend").type == pa.decimal128(18, 6)
    assert table.schema.field("campaign_id").type == pa.string()
    assert load.extra_columns == ()


KEPT = ["ad_id"]


def listed(**lists: Any) -> list[tuple[Any, ...]]:
    """(action type, window, count, value) of one ad's row."""
    return [
        (row["action_type"], row["attribution_window"], row["action_count"], row["action_value"])
        for row in made.actions({"ad_id": "1", **lists}, KEPT)
    ]


@pytest.mark.parametrize(
    ("lists", "rows"),
    [
        ({}, []),
        ({"actions": None, "conversions": []}, []),
        ({"conversions": [{"action_type": "schedule_website", "value": "2", "7d_click": "1"}]},
         [("schedule_website", "default", "2", None), ("schedule_website", "7d_click", "1", None)]),
        ({"conversions": [{"action_type": "start_trial_total", "value": "3"}],
          "conversion_values": [{"action_type": "start_trial_total", "value": "87.50"}]},
         [("start_trial_total", "default", "3", "87.50")]),
        # Meta sends a value of its own where the count is missing: intake judges it
        ({"conversion_values": [{"action_type": "subscribe_total", "value": "9.99"}]},
         [("subscribe_total", "default", None, "9.99")]),
        ({"conversions": [{"action_type": "offsite_conversion.fb_pixel_custom.Pay",
                           "1d_view": "1"}]},
         [("offsite_conversion.fb_pixel_custom.Pay", "1d_view", "1", None)]),
        # the same under both is one claim, with its value or without
        ({"actions": [{"action_type": "contact_total", "value": "4"}],
          "conversions": [{"action_type": "contact_total", "value": "4"}]},
         [("contact_total", "default", "4", None)]),
        # unlike numbers are two rows of one key
        ({"actions": [{"action_type": "contact_total", "value": "4"}],
          "conversions": [{"action_type": "contact_total", "value": "5"}]},
         [("contact_total", "default", "4", None), ("contact_total", "default", "5", None)]),
        # what one list has in a window and the other not adds up to all windows
        ({"actions": [{"action_type": "donate_total", "value": "4"}],
          "conversions": [{"action_type": "donate_total", "value": "4", "28d_click": "6"}]},
         [("donate_total", "default", "4", None), ("donate_total", "28d_click", "6", None)]),
    ],
)  # fmt: skip
def test_conversions_land_beside_actions(lists: Any, rows: list[tuple[Any, ...]]) -> None:
    assert listed(**lists) == rows
