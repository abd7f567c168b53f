"""What changed in the tag containers, from their landed versions to the sentence a person reads.

The sandbox's containers are landed at moments between which somebody published, and nothing else
is: what the mart makes of them is held against the story the world tells of itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import duckdb
import pytest

import built
from cases import settings_of_others, settings_rows
from trueup import pipeline
from trueup.build import dbt, refresh
from trueup.company import workspace
from trueup.gates.causes import episodes
from trueup.gates.causes.changed_settings import specific
from trueup.gates.causes.families import FAMILIES

#: Before, between and after the versions of the story; two runs see the same version.
CLOCKS = ("2026-09-15", "2026-09-16", "2026-09-21", "2026-09-30")

#: What of other systems the world tells changes of.
OTHERS = (
    ("ga4", "settings"),
    ("google_ads", "customer_settings"),
    ("meta_ads", "measurement_settings"),
)


@pytest.fixture(scope="module")
def mart(_server: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    company = built.describe(tmp_path_factory.mktemp("tags"), _server)
    _server.desk.clear_faults()
    with company.in_force():
        for clock in CLOCKS:
            _server.desk.set_clock(datetime.fromisoformat(f"{clock}T06:00:00"))
            # A day that is landed late shows the container as it is then, not as it was.
            day = "2026-09-10" if clock == "2026-09-21" else "2026-09-14"
            assert pipeline.land("gtm", day).failed == ()
            for source, stream in OTHERS:
                assert pipeline.land(source, day, streams=(stream,)).failed == ()
        _server.desk.set_clock(datetime(2026, 10, 15, 6))
        for source, stream in OTHERS:
            assert pipeline.land(source, "2026-09-14", streams=(stream,)).failed == ()
        work = workspace.current()
        refresh.refresh(
            work.state.build_file, work.company, work.landing, built_at=datetime.now(UTC)
        )
        with duckdb.connect(str(work.state.build_file)) as con:
            settings_rows.write(con)
            settings_of_others.write_others(con)
        lines: list[str] = []
        code = dbt.run(
            work.settings.dbt_project, work.state.build_file, company.home / "dbt",
            ["build", "--select", "file_words", "path:models/staging", "shape_settings",
             "path:models/intermediate/settings", "fct_config_changes", "fct_account_settings",
             "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"],
            lines.append,
        )  # fmt: skip
        assert code == 0, "\n".join(lines[-40:])
        with duckdb.connect(str(work.state.build_file), read_only=True) as con:
            yield con
    _server.desk.set_clock(built.CLOCK)


def test_the_mart_tells_what_the_story_tells(mart: Any, _server: Any) -> None:
    found = mart.execute(
        "select account_id, object_type, object_id, change from health.fct_config_changes"
        " where object_type not in ('account', 'environment') and account_id like 'GTM-%'"
        " order by all"
    ).fetchall()
    truth = _server.desk.rows(
        "select public_id, object_type, object_id, change from tag_changes"
        " where published_at between '2026-09-15 06:00' and '2026-09-30 06:00' order by all"
    )
    assert found == [tuple(row.values()) for row in truth]
    assert any("now needs consent" in change for *_, change in found)


def test_the_mart_tells_what_was_set_otherwise_in_other_systems(mart: Any, _server: Any) -> None:
    truth = _server.desk.rows(
        "select system, object_type, object_id, change from setting_changes"
        " where changed_at between '2026-09-15 06:00' and '2026-10-15 06:00' order by all"
    )
    systems = sorted({row["system"] for row in truth})
    found = mart.execute(
        "select source, object_type, object_id, change from health.fct_config_changes"
        " where list_contains(?, source) and (source, account_id) in (select (source, account_id)"
        " from company.accounts) order by all",
        [systems],
    ).fetchall()
    assert found == [tuple(row.values()) for row in truth] and systems == [
        "ga4",
        "google_ads",
        "meta_ads",
    ]


def test_every_change_names_the_hop_it_touches(mart: Any) -> None:
    changes = "from health.fct_config_changes"
    assert mart.execute(f"select distinct object_type, setting {changes} where hop is null"
                        ).fetchall() == []  # fmt: skip
    hops = dict(mart.execute(f"select setting, hop {changes} where source != 'gtm'").fetchall())
    assert hops["other_window_days"] == hops["attribution_model"] == "attribution"
    assert hops["auto_tagging_enabled"] == "click" and hops["excluded_events"] == "transfer"
    assert hops["taxes_included"] == "order" and hops["win_probability"] == "deal"
    assert hops["time_zone"] == hops["currency_code"] == "account"


def test_what_of_other_systems_may_keep_a_goal_from_being_measured(mart: Any) -> None:
    found = mart.execute(
        "select change from health.fct_config_changes where is_break and source != 'gtm'"
        " and (source, account_id) not in (select (source, account_id) from company.accounts)"
    ).fetchall()
    assert {change for (change,) in found} == settings_of_others.BREAKS_OF_OTHERS


def test_a_key_event_that_is_none_any_more_is_a_break(mart: Any) -> None:
    found = mart.execute(
        "select change, goals, hop from health.fct_config_changes"
        " where is_break and account_id = '310100200' order by observed_at"
    ).fetchall()
    assert found == [
        ('key event "generate_lead" was removed', "wedding_enquiry", "conversion"),
    ]


def test_what_the_account_measures_with_is_a_break_where_less_of_it_is_measured(mart: Any) -> None:
    found = mart.execute(
        "select change, goals, hop from health.fct_config_changes"
        " where source = 'meta_ads' and account_id = 'act_900100200' and is_break"
        " order by observed_at"
    ).fetchall()
    assert found == [
        ('pixel "Harbour House": automatic matching true became false', "(a conversion)", "event"),
    ]


def test_a_first_snapshot_is_no_change_and_a_second_look_neither(mart: Any) -> None:
    moments = mart.execute(
        "select distinct observed_at from health.fct_config_changes"
        " where account_id = 'GTM-HRBHS01' order by 1"
    ).fetchall()
    taken = mart.execute(
        "select distinct observed_at from intermediate.shape_settings"
        " where account_id = 'GTM-HRBHS01' order by 1"
    ).fetchall()
    assert len(taken) == len(CLOCKS) and moments == taken[2:]


def test_a_tag_that_feeds_a_goal_and_asks_for_consent_now_is_a_break(mart: Any) -> None:
    found = mart.execute(
        "select change, goals, old_value, new_value from health.fct_config_changes"
        " where is_break and setting = 'consent_status' and account_id like 'GTM-%'"
        " order by observed_at"
    ).fetchall()
    assert found == [
        ('trigger of "Lead" now needs consent', "wedding_enquiry", "notSet", "needed"),
        ('trigger of "Lead" no longer needs consent', "wedding_enquiry", "needed", "notNeeded"),
    ]


def test_what_opens_an_incident_is_what_still_stands(mart: Any) -> None:
    opened = [one for one in episodes.of_settings(mart) if one.change and one.system == "gtm"]
    newest = max(one.opened for one in opened)
    standing = {one.change.words for one in opened if one.change and one.is_open(newest)}
    assert 'trigger of "Lead" no longer needs consent' in standing
    assert not any("now needs consent" in words for words in standing)


def test_every_break_has_a_cause_of_a_name(mart: Any) -> None:
    """What is set otherwise is named by what it brings about, and never left unexplained."""
    breaks = [one.change for one in episodes.of_settings(mart) if one.change]
    nameless = {x.words for x in breaks if not any(specific(family, x) for family in FAMILIES)}
    assert breaks and nameless == set()


def test_the_live_version_is_a_change_of_the_container(mart: Any) -> None:
    changes = [
        change
        for (change,) in mart.execute(
            "select change from health.fct_config_changes"
            " where object_type = 'account' and setting = 'live_version' order by observed_at"
        ).fetchall()
    ]
    assert len(changes) == 2 and all("live version" in one for one in changes)


def test_current_settings_are_those_of_the_newest_landing(mart: Any) -> None:
    assert mart.execute(
        "select vendor_value from health.fct_account_settings where object_type = 'tag'"
        " and account_id = 'GTM-HRBHS01' and object_id = '13' and setting = 'consent_status'"
    ).fetchall() == [("notNeeded",)]


def test_nothing_secret_reaches_a_mart(mart: Any) -> None:
    text = repr(mart.execute("from health.fct_account_settings").fetchall())
    text += repr(mart.execute("from health.fct_config_changes").fetchall())
    for hidden in ("<script", "function", "EAAH", "k3Yt-9sQx", "@harbourhouse", "neverToBeSeen"):
        assert hidden not in text


@pytest.mark.parametrize("name", settings_rows.CASES)
def test_what_snapshots_tell(name: str, mart: Any) -> None:
    case = settings_rows.CASES[name]
    found = mart.execute(
        "select change, is_break from health.fct_config_changes"
        " where account_id = ? order by change",
        [name],
    ).fetchall()
    changes = [(one, False) for one in case.changes] + [(one, True) for one in case.breaks]
    assert sorted(found) == sorted(changes)


@pytest.mark.parametrize("name", settings_of_others.OTHERS)
def test_what_other_systems_settings_tell(name: str, mart: Any) -> None:
    found = mart.execute(
        "select change from health.fct_config_changes as c"
        " where (source, account_id, object_type, object_id, observed_at) in ("
        " select source, account_id, object_type, object_id, observed_at"
        " from intermediate.shape_settings where starts_with(_load_id, ?)) order by 1",
        [name],
    ).fetchall()
    assert [change for (change,) in found] == list(settings_of_others.OTHERS[name][3])
