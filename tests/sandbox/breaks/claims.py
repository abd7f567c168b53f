"""Breaks of what platforms claim: kinds 12, 21 to 23 and 36."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from sandbox.breaks.case import LEVELS, Break, Case
from sandbox.world.ads_settings import ACCOUNT
from sandbox.world.dated import Change
from sandbox.world.deeds import State
from sandbox.world.property_settings import PROPERTY

#: How long a slow drift takes to its full strength, and how often it is a step further.
DRIFT_DAYS, DRIFT_STEP = 28, 2


def modelling_changed(case: Case) -> Break:
    """Google stops modelling the conversions that its tag may not see."""
    path = f"properties/{PROPERTY}/reportingIdentitySettings"

    def identity(name: str) -> Callable[[State], None]:
        return lambda state: state[path].update(reportingIdentity=name)

    words = 'account "Harbour House": reporting identity'
    deeds = case.set_in(
        "ga4", PROPERTY, identity("DEVICE_BASED"), identity("BLENDED"),
        (("account", PROPERTY, f"{words} blended became device_based"),),
        (("account", PROPERTY, f"{words} device_based became blended"),),
    )  # fmt: skip
    changes = case.less("google_modelled_share", platform="google_ads")
    return Break(12, "modelling_changed", case.day, case.until, changes, deeds)


def action_duplicated(case: Case) -> Break:
    """A second conversion action counts the shop's purchases again, and is made primary."""
    action = {"action": "purchase_again", "id": 900100004, "name": "Purchase (imported)",
              "category": "PURCHASE"}  # fmt: skip

    def forget(state: State) -> None:
        state["actions"] = [one for one in state["actions"] if one["id"] != action["id"]]

    words = f'conversion action "{action["name"]}" was'
    deeds = case.set_in(
        "google_ads", ACCOUNT, lambda state: state["actions"].append(action), forget,
        (("conversion action", str(action["id"]), f"{words} added"),),
        (("conversion action", str(action["id"]), f"{words} removed"),),
    )  # fmt: skip
    changes = case.more("second_action_share", platform="google_ads", action="purchase")
    return Break(21, "conversion_action_duplicated", case.day, case.until, changes, deeds)


def attribution_changed(case: Case) -> Break:
    """Google's click window of the shop's purchases is cut: at half strength by half."""
    days = max(1, round(LEVELS.claim_window_days * (1 - case.strength)))

    def window(state: State) -> None:
        state["windows"]["purchase"] = days

    def no_window(state: State) -> None:
        state["windows"].pop("purchase", None)

    words = 'conversion action "Purchase (web)": click window'
    deeds = case.set_in(
        "google_ads", ACCOUNT, window, no_window,
        (("conversion action", "900100001", f"{words} 30 became {days}"),),
        (("conversion action", "900100001", f"{words} {days} became 30"),),
    )  # fmt: skip
    changes = case.set("claim_window_days", days, platform="google_ads", action="purchase")
    return Break(22, "attribution_setting_changed", case.day, case.until, changes, deeds)


def window_removed(case: Case) -> Break:
    """Meta no longer counts who only saw an ad, in any account."""
    changes = case.less("claim_reported_share", platform="meta_ads", seen_as="view")
    return Break(23, "window_removed", case.day, case.until, changes)


def claims_drift(case: Case) -> Break:
    """A platform takes credit for more and more of what others brought: slowly, with no setting."""
    case = replace(case, segment={"platform": "meta_ads", **case.segment})
    changes: tuple[Change, ...] = ()
    for step in range(0, DRIFT_DAYS, DRIFT_STEP):
        since = case.day + timedelta(days=step)
        is_last = step + DRIFT_STEP >= DRIFT_DAYS
        until = case.until if is_last else _first(since + timedelta(days=DRIFT_STEP), case.until)
        if case.until and since >= case.until:
            break
        share = case.strength * min(1.0, (step + DRIFT_STEP) / DRIFT_DAYS)
        then = replace(case, day=since, until=until)
        changes += then.set("doubled_claim_share", share)
    return Break(36, "claims_drift", case.day, case.until, changes)


def _first(day: date, until: date | None) -> date:
    return min(day, until) if until else day
