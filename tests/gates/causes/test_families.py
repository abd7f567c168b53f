"""Each of the kinds of break, as the detectors see it: named rightly, once, and over once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from gates.causes import score_tables
from gates.causes.score_tables import Series
from trueup.gates.causes.families import BY_NAME, FAMILIES

BREAK, REPAIR = date(2026, 3, 10), date(2026, 4, 2)


def out(signal: str, level: float, system: str = "events", **more: object) -> Series:
    """A series that is out of its range from the break to the repair."""
    return Series(signal, system, level=level, breach=BREAK, until=REPAIR, **more)  # type: ignore[arg-type]


def normal(*signals: str, system: str = "events") -> list[Series]:
    return [Series(signal, system) for signal in signals]


def claims(level: float, platform: str = "ads_a", **more: object) -> list[Series]:
    """Both ratios of one platform's claims."""
    place = {"dimension": "platform", "segment": platform, "hop": "claim", "kind": "rate"}
    return [
        out("claim_ratio", level, platform, **place, **more),
        out("claim_amount_ratio", level, platform, **place, **more),
    ]


#: What a shop sells by the hour of a usual day, out of a thousand.
SHOP_HOURS = [
    5, 3, 2, 2, 3, 6, 15, 30, 50, 65, 75, 80, 75, 65, 60, 55, 55, 60, 70, 80, 68, 44, 22, 10,
]  # fmt: skip


def by_hour(usual: list[int], broken: list[int]) -> list[Series]:
    """A day's orders by the hour as they are and as they become; each hour is out of its range."""
    return [
        out("order_hour_mix", is_now / was, "shop", dimension="hour", segment=str(hour), kind="mix",
            expected=was / sum(usual), trials=1000)
        for hour, (was, is_now) in enumerate(zip(usual, broken, strict=True))
    ]  # fmt: skip


#: What the detectors see of each kind, beside the change of settings that goes with it, as
#: (source, kind of object, setting, new value, hop).
Change = tuple[str, str, str, str, str]
KINDS: dict[str, tuple[list[Series], Change | None]] = {
    "purchase_tag_dead": (
        [out("event_capture", 0.0), out("server_overlap_share", 0.0, "sender"), *claims(0.4)],
        ("tags", "tag", "paused", "true", "tag"),
    ),
    "tag_partial": (
        [out("event_capture", 0.8),
         out("event_capture", 0.5, dimension="device", segment="mobile", trials=40)], None,
    ),
    "double_firing": ([out("events_per_id", 1.9, kind="rate", expected=1.0), *claims(1.5)], None),
    "transaction_id_missing": (
        [out("event_id_filled", 0.1), out("event_capture", 0.1), out("event_id_known", 0.1)], None,
    ),
    "currency_wrong": (
        [out("event_currency_agrees", 0.0), out("event_value_agrees", 0.0),
         *claims(1.0)[:0], out("claim_amount_ratio", 0.2, "ads_a", hop="claim")], None,
    ),
    "value_scaled": (
        [out("event_value_agrees", 0.0), out("claim_amount_ratio", 100.0, "ads_a", hop="claim"),
         *normal("event_currency_agrees", "event_value_filled")], None,
    ),
    "value_missing": ([out("event_value_filled", 0.1), out("event_value_agrees", 0.1)], None),
    "dedup_broken": (
        [out("server_overlap_share", 0.0, "sender", hop="upload"), *claims(1.9),
         *normal("server_accepted_share", system="sender")], None,
    ),
    "event_id_reused": (
        [out("server_ids_per_order", 0.5, "sender", hop="upload"), *claims(0.6)], None,
    ),
    "server_events_rejected": (
        [out("server_accepted_share", 0.0, "sender", hop="upload"),
         out("server_coverage", 0.0, "sender", hop="upload"),
         out("server_overlap_share", 0.0, "sender", hop="upload"), *claims(0.7)], None,
    ),
    "consent_changed": (
        [out("consent_granted_share", 0.6, hop="consent"), out("event_capture", 0.6),
         *claims(0.7), *claims(0.7, "ads_b"), out("click_id_share", 0.7),
         out("unassigned_share", 1.5), out("session_source_differs", 1.4),
         out("orders_per_session", 1.6), out("tagged_landing_rate", 0.6),
         out("channel_mix", 1.2, segment="direct"), out("engaged_share", 0.8)],
        ("tags", "tag", "consent_status", "needed", "consent"),
    ),
    "modelling_changed": ([*claims(0.75), out("restated_share", 1.3, "ads_a")], None),
    "query_string_dropped": (
        [out("tagged_landing_rate", 0.3, dimension="platform", segment="ads_a"),
         out("tagged_landing_rate", 0.3, dimension="platform", segment="ads_b"),
         out("channel_mix", 1.4, dimension="channel", segment="direct"),
         out("session_source_differs", 1.5), *normal("click_id_share")], None,
    ),
    "click_ids_stripped": (
        [out("click_id_share", 0.5), out("click_id_share", 0.05, dimension="browser",
         segment="safari", trials=50), out("tagged_landing_rate", 0.5)], None,
    ),
    "auto_tagging_off": (
        [out("click_id_share", 0.0, dimension="platform", segment="ads_a"),
         out("tagged_landing_rate", 0.0, dimension="platform", segment="ads_a")],
        ("ads_a", "account", "auto_tagging_enabled", "false", "click"),
    ),
    "utm_renamed": ([out("campaign_known_share", 0.5), out("credit_mix", 0.8)], None),
    "campaigns_spelt_anew": (
        [out("campaign_word_usual_share", 0.0, dimension="platform", segment="ads_a"),
         out("session_source_differs", 1.4), *normal("campaign_known_share")], None,
    ),
    "self_referral": (
        [out("own_domain_referral_share", 9.0), out("orders_per_session", 0.77),
         out("session_source_differs", 1.5)], None,
    ),
    "payment_referral": ([out("payment_referral_share", 9.0), out("credit_mix", 0.7)], None),
    "unassigned_surge": ([out("unassigned_share", 5.0), out("channel_mix", 3.0)], None),
    "bot_traffic": (
        [out("orders_per_session", 0.33), out("engaged_share", 0.4), out("checkout_rate", 0.4),
         out("country_mix", 6.0, dimension="country", segment="XX")], None,
    ),
    "conversion_action_duplicated": (
        claims(2.0), ("ads_a", "conversion action", "(object)", "present", "conversion"),
    ),
    "attribution_setting_changed": (
        [*claims(1.3), out("claims_at_age", 0.8, "ads_a")],
        ("ads_a", "conversion action", "click_window_days", "90", "attribution"),
    ),
    "claims_fell": ([*claims(0.7), out("claims_at_age", 1.3, "ads_a")], None),
    "campaign_words_lost": (
        [out("field_filled_share", 0.5, "files", dimension="field", segment=f"files.orders.utm_{x}")
         for x in ("campaign", "medium", "source")], None,
    ),
    "history_restated": ([out("restated_share", 0.8, "ads_a")], None),
    "load_partial": (
        [out("event_id_known", 0.5), out("order_hour_mix", 0.1, "shop", dimension="hour",
         segment="14"), out("orders_per_session", 0.5)], None,
    ),
    "load_duplicated": ([out("set_aside_share", 50.0, "shop")], None),
    "time_zone_changed": (
        by_hour(SHOP_HOURS, [*SHOP_HOURS[-5:], *SHOP_HOURS[:-5]]),
        ("shop", "account", "time_zone", "America/New_York", "account"),
    ),
    "crm_stopped": ([out("lead_capture", 0.0, "crm", hop="crm")], None),
    "form_field_renamed": (
        [out("field_filled_share", 0.0, "crm", dimension="field", segment="leads.guests")], None,
    ),
    "stage_mapping_changed": (
        [out("stage_entry_share", 0.1, "crm", dimension="stage", segment="offer"),
         out("stage_entry_share", 4.0, "crm", dimension="stage", segment="visit")], None,
    ),
    "upload_failed": (
        [out("server_coverage", 0.0, "sender", dimension="destination", segment="ads_a"),
         *normal("server_accepted_share", system="sender"), *claims(0.8)], None,
    ),
    "refunds_missing": ([out("refund_rate_7d", 0.0, "shop", hop="refund")], None),
    "test_orders": ([out("order_zero_value_share", 9.0, "shop", hop="order")], None),
    "channel_unmapped": ([out("order_unmapped_spend_share", 9.0, "ads_a")], None),
    "claims_drift": (claims(1.2, since=BREAK - timedelta(days=25)), None),
}  # fmt: skip


def test_a_platform_that_claims_nothing_is_not_modelling_otherwise():
    """Shares of credit move with it, and make nothing else of it."""
    place = {"dimension": "action", "segment": "ads_a Purchases", "hop": "claim", "kind": "rate"}
    con = score_tables.build(
        *claims(0.0), out("claim_ratio", 0.0, "ads_a", **place),
        out("credit_mix", 0.8, "files", dimension="last_touch", segment="paid", kind="mix"),
    )  # fmt: skip
    assert [x["cause_family"] for x in score_tables.incidents(con)] == ["upload_failed"]


def test_there_is_a_case_of_every_family_but_that_of_sources_which_tell_themselves():
    assert {family.name for family in FAMILIES} - KINDS.keys() == {"data_late", "window_removed"}
    assert [family.number for family in FAMILIES] == list(range(1, 40))


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_of_break_is_one_incident_of_its_family_with_one_end(name: str):
    series, change = KINDS[name]
    con = score_tables.build(*series)
    if change:
        source, kind, setting, value, hop = change
        score_tables.change(con, source, kind, setting, value, BREAK, hop=hop)
    found = score_tables.incidents(con)
    assert [(x["cause_family"], x["status"]) for x in found] == [(name, "resolved")]
    (incident,) = found
    assert (incident["onset_date"], incident["resolved_date"]) == (
        min(x.since or BREAK for x in series), REPAIR,
    )  # fmt: skip
    assert set(incident["signals"].split(", ")) == {x.signal for x in series if x.breach}
    assert incident["runbook"] == BY_NAME[name].runbook
    if change:
        assert incident["suspected_change"] and incident["confidence"] > 0.7
    assert incident["severity"] == ("page" if BY_NAME[name].may_page else "ticket")


@pytest.mark.parametrize("name", KINDS)
def test_an_incident_is_the_same_one_on_every_day_of_its_life(name: str):
    """Whoever asks day by day hears of one cause, by one identity."""
    series, change = KINDS[name]
    heard: set[tuple[str, str]] = set()
    for day in (BREAK, BREAK + timedelta(days=1), BREAK + timedelta(days=9), REPAIR):
        con = score_tables.build(*series, newest=day)
        if change:
            source, kind, setting, value, hop = change
            score_tables.change(con, source, kind, setting, value, BREAK, hop=hop)
        found = score_tables.incidents(con)
        heard |= {(x["incident_id"], x["identity"]) for x in found}
        assert [x["status"] for x in found] == ["resolved" if day == REPAIR else "open"]
    assert len(heard) == 1


@pytest.mark.parametrize(("last_view", "cause"), [
    (BREAK - timedelta(days=1), "window_removed"),
    (score_tables.NEWEST, "claims_fell"),
    (BREAK - timedelta(days=40), "claims_fell"),  # and nobody wondered at the time
])  # fmt: skip
def test_a_window_is_removed_where_claims_had_it_and_have_it_no_more(last_view: date, cause: str):
    con = score_tables.build(*claims(0.6))
    for click, view, last in ((7, None, score_tables.NEWEST), (None, 1, last_view)):
        con.execute(
            "insert into marts.fct_platform_claims select 'ads_a', 'order', cast(day as date),"
            " $click, $view, $view is not null, 5"
            " from generate_series($first::date, $last::date, interval 1 day) as days (day)",
            {"click": click, "view": view, "first": score_tables.FIRST, "last": last},
        )
    assert [x["cause_family"] for x in score_tables.incidents(con)] == [cause]


@pytest.mark.parametrize(("trials", "severity"), [(20, "page"), (2, "ticket")])
def test_a_dip_of_a_claim_or_two_a_day_wakes_nobody(trials: int, severity: str):
    con = score_tables.build(*claims(0.3, trials=trials))
    (found,) = score_tables.incidents(con)
    assert (found["cause_family"], found["severity"]) == ("claims_fell", severity)


def test_a_day_above_what_is_expected_is_set_off_against_those_below():
    amounts = []
    for observed in (0.9 * 0.7, 0.9 * 1.3):
        con = score_tables.build(*claims(0.7))
        con.execute(
            "update trueup.signal_scores set observed = $observed"
            " where signal = 'claim_ratio' and signal_date = $day",
            {"observed": observed, "day": BREAK + timedelta(days=2)},
        )
        amounts.append(score_tables.incidents(con)[0]["amount_at_risk"])
    assert amounts[0] - amounts[1] == pytest.approx(2 * 0.27 * 1000)


@pytest.mark.parametrize(("broken", "causes", "says"), [
    pytest.param([*SHOP_HOURS[3:], *SHOP_HOURS[:3]], ["time_zone_changed"],
                 "the usual day as if 3 hours earlier", id="three earlier"),
    pytest.param(
        [(was + later) // 2 for was, later in zip(SHOP_HOURS, [SHOP_HOURS[-1], *SHOP_HOURS[:-1]],
                                                  strict=True)],
        ["time_zone_changed"], "the usual day as if 1 hour later", id="half of them an hour later"),
    pytest.param([*SHOP_HOURS[:12], 400, *SHOP_HOURS[13:]], ["unexplained"], "orders by hour",
                 id="a burst at noon"),
    pytest.param([*SHOP_HOURS[:12], *[1] * 12], ["unexplained"], "orders by hour",
                 id="the afternoon is missing"),
])  # fmt: skip
def test_a_zone_turns_the_day_and_nothing_else_does(
    broken: list[int], causes: list[str], says: str
):
    con = score_tables.build(*by_hour(SHOP_HOURS, broken))
    found = score_tables.incidents(con)
    assert [x["cause_family"] for x in found] == causes
    assert [x["severity"] for x in found] == ["ticket" if "unexplained" in causes else "page"]
    assert says in "".join(x["observed"] for x in found)


def test_a_form_and_links_that_lose_a_field_at_once_are_two_causes():
    names = ("files.orders.utm_campaign", "files.leads.utm_campaign")
    con = score_tables.build(*(
        out("field_filled_share", 0.5, "files", dimension="field", segment=name) for name in names
    ))  # fmt: skip
    assert {x["cause_family"] for x in score_tables.incidents(con)} == {
        "campaign_words_lost", "form_field_renamed",
    }  # fmt: skip


def test_a_source_that_is_late_is_one_incident_and_no_dead_tag():
    con = score_tables.build(
        Series("event_capture", level=0.0, breach=score_tables.NEWEST),
        Series("orders_per_session", level=0.0, breach=score_tables.NEWEST),
    )
    con.execute(
        "insert into health.fct_freshness values ('events', ?, true)",
        [score_tables.NEWEST - timedelta(days=1)],
    )
    found = score_tables.incidents(con)
    assert [(x["cause_family"], x["system"], x["found_by"]) for x in found] == [
        ("data_late", "events", "fct_freshness")
    ]
    assert f"nothing of {score_tables.NEWEST} and later has landed" in found[0]["observed"]


@pytest.mark.parametrize(("found_after", "causes"), [
    (12, {"click_ids_stripped"}), (-1, {"click_ids_stripped", "query_string_dropped"}),
])  # fmt: skip
def test_what_is_rare_is_dated_badly_and_is_a_cause_of_its_own_if_it_was_found_before(
    found_after: int, causes: set[str]
):
    rare = Series(
        "tagged_landing_rate", dimension="campaign", segment="7", level=0.6, until=REPAIR,
        breach=BREAK + timedelta(days=found_after), since=BREAK - timedelta(days=10), trials=9,
    )  # fmt: skip
    found = score_tables.incidents(score_tables.build(out("click_id_share", 0.3), rare))
    assert {x["cause_family"] for x in found} == causes and len(found) == len(causes)


def test_two_causes_at_once_are_two_incidents():
    """A tag that reports cents, and a CRM that gets no enquiries."""
    series = [*KINDS["value_scaled"][0], *KINDS["crm_stopped"][0]]
    found = score_tables.incidents(score_tables.build(*series))
    assert {x["cause_family"] for x in found} == {"value_scaled", "crm_stopped"}
    assert len(found) == 2


def test_claims_that_double_while_consent_falls_are_a_cause_of_their_own():
    """Less consent makes platforms claim less, never more."""
    series = [*KINDS["consent_changed"][0][:2], *claims(2.0, "ads_b")]
    found = score_tables.incidents(score_tables.build(*series))
    assert {(x["cause_family"], x["system"]) for x in found} == {
        ("consent_changed", "events"), ("conversion_action_duplicated", "ads_b"),
    }  # fmt: skip


def test_what_was_broken_long_ago_is_not_what_a_new_cause_brought_about():
    earlier = Series("refund_rate_7d", "shop", level=0.0, breach=date(2026, 2, 1), hop="refund")
    claim = Series("claim_ratio", "ads_a", level=0.5, breach=date(2026, 2, 1), hop="claim")
    con = score_tables.build(earlier, claim, *KINDS["consent_changed"][0][:2])
    assert {x["cause_family"] for x in score_tables.incidents(con)} == {
        "refunds_missing", "claims_fell", "consent_changed",
    }  # fmt: skip


def test_a_day_without_purchases_and_without_visits_is_late_and_no_dead_tag():
    series = [
        out("event_capture", 0.0),
        out("tagged_landing_rate", 0.0, dimension="platform", segment="ads_a"),
        out("server_overlap_share", 0.0, "ads_a", hop="upload"),
    ]
    found = score_tables.incidents(score_tables.build(*series))
    assert [x["cause_family"] for x in found] == ["data_late"]


def test_a_medium_nobody_knows_is_distinguished_from_links_that_lose_everything():
    series = [
        out("tagged_landing_rate", 0.1, dimension="platform", segment="ads_a"),
        out("default_channel_differs", 3.0), out("session_source_differs", 4.0),
    ]  # fmt: skip
    found = score_tables.incidents(score_tables.build(*series))
    assert [x["cause_family"] for x in found] == ["channel_unmapped"]


def test_one_id_for_many_orders_makes_a_platform_claim_less():
    series = [out("server_overlap_share", 0.4, "ads_a", hop="upload"), *claims(0.4)]
    found = score_tables.incidents(score_tables.build(*series))
    assert [x["cause_family"] for x in found] == ["event_id_reused"]


@pytest.mark.parametrize("shown", [date(2026, 3, 5), date(2026, 3, 16)])
def test_consequences_that_last_keep_no_incident_open(shown: date):
    """What a stopped CRM did to the mix of stages takes longer to wear off, and may show only when
    the CRM runs again."""
    late = score_tables.NEWEST - timedelta(days=1)
    con = score_tables.build(
        Series("lead_capture", level=0.1, breach=date(2026, 3, 1), until=date(2026, 3, 15)),
        Series("stage_entry_share", level=0.4, breach=shown, since=date(2026, 3, 5),
               until=date(2026, 4, 2)),
    )  # fmt: skip
    found = score_tables.incidents(con)
    assert [(x["cause_family"], x["status"]) for x in found] == [("crm_stopped", "resolved")]
    assert found[0]["resolved_date"] < late


def test_a_consequence_that_stays_for_good_becomes_an_incident_of_its_own():
    con = score_tables.build(
        Series("lead_capture", level=0.1, breach=date(2026, 3, 1), until=date(2026, 3, 15)),
        Series("stage_entry_share", level=0.4, breach=date(2026, 3, 5)),
    )
    found = {x["cause_family"]: x["status"] for x in score_tables.incidents(con)}
    assert found == {"crm_stopped": "resolved", "stage_mapping_changed": "open"}


def test_what_no_family_explains_is_one_incident_of_its_system():
    odd = [out("event_capture", 1.2), out("event_id_filled", 1.3), out("engaged_share", 1.5)]
    found = score_tables.incidents(score_tables.build(*odd))
    assert [(x["cause_family"], x["system"]) for x in found] == [("unexplained", "events")]


@pytest.mark.parametrize("signal", ["channel_mix", "checkout_rate"])
def test_who_visits_and_who_of_them_buys_is_no_cause_by_itself(signal: str):
    kind = "mix" if signal.endswith("mix") else "share"
    assert score_tables.incidents(score_tables.build(out(signal, 0.6, kind=kind))) == []


@pytest.mark.parametrize(("bought", "with_it", "severity"), [
    pytest.param(1.9, [], "ticket", id="more visits buy"),
    pytest.param(0.8, [], "page", id="fewer of those that check out buy"),
    pytest.param(1.9, [out("checkout_rate", 0.5, expected=0.2)], "page", id="checkouts are lost"),
    pytest.param(1.9, [out("event_capture", 1.2)], "page", id="orders are seen otherwise"),
])  # fmt: skip
def test_more_visits_that_buy_wake_somebody_only_where_something_else_moved(
    bought: float, with_it: list[Series], severity: str
):
    """A sale moves them alone: events and the shop agree, order by order."""
    con = score_tables.build(
        out("purchase_rate", bought, expected=0.4), *with_it, *normal("event_value_agrees"),
        out("orders_per_session", bought, kind="rate", expected=0.02, trials=2000),
        out("channel_mix", 1.4, dimension="channel", segment="email", kind="mix", expected=0.1),
    )  # fmt: skip
    found = score_tables.incidents(con)
    assert [(x["cause_family"], x["severity"]) for x in found] == [("unexplained", severity)]


@pytest.mark.parametrize("make", [lambda: [], lambda: normal("event_capture")])
def test_where_nothing_is_out_of_order_there_is_no_incident(make: Callable[[], list[Series]]):
    assert score_tables.incidents(score_tables.build(*make())) == []
