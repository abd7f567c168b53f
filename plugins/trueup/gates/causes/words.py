"""Signals, incidents and settings in the words a person reads at night."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from trueup.gates.causes.changed_settings import is_setting
from trueup.gates.causes.evidence import Episode, Reading
from trueup.gates.causes.family import LATE, MISSING, UNEXPLAINED
from trueup.gates.causes.lifetime import Incident

#: More segments than this are counted.
NAMED = 4
#: Of segments that lost next to everything, the largest are named.
NARROWEST = 2
#: So little is left of what was expected where next to everything is lost.
NEXT_TO_NOTHING = 0.15
SIGNALS = {
    "consent_granted_share": "visitors who grant consent",
    "tagged_landing_rate": "clicks that arrive with a click id",
    "click_id_share": "paid visits that bring a click id",
    "campaign_known_share": "paid visits of a known campaign",
    "campaign_word_usual_share": "visits whose link calls their campaign as ever",
    "own_domain_referral_share": "visits referred by the company's own pages",
    "payment_referral_share": "sales referred by a payment page",
    "unassigned_share": "visits from nowhere known",
    "channel_mix": "visits by channel",
    "device_mix": "visits by device",
    "browser_mix": "visits by browser",
    "country_mix": "visits by country",
    "event_hour_mix": "events by hour",
    "order_hour_mix": "orders by hour",
    "orders_per_session": "orders per visit",
    "engaged_share": "engaged visits",
    "checkout_rate": "visits that begin to check out",
    "purchase_rate": "visits that buy",
    "event_capture": "orders that the events system saw",
    "events_per_id": "purchase events per order id",
    "event_id_filled": "purchase events with an order id",
    "event_id_known": "purchase events whose id is an order",
    "event_value_agrees": "purchase events of the order's value",
    "event_value_filled": "purchase events with a value",
    "event_value_mix": "purchase events by how their value differs from the order's",
    "event_currency_agrees": "purchase events in the order's currency",
    "claim_ratio": "claimed conversions per real one",
    "claim_amount_ratio": "claimed money per real money",
    "claims_at_age": "claims known after a day",
    "gap_cause_share": "what the gap is made of",
    "server_accepted_share": "server events that are accepted",
    "server_overlap_share": "server events the browser also reported",
    "server_coverage": "server events per order",
    "server_ids_per_order": "ids of server events per order",
    "lead_capture": "enquiries that reach the CRM",
    "stage_entry_share": "deals by the stage they enter",
    "refund_rate_7d": "orders refunded within a week",
    "cancellation_rate_14d": "orders cancelled within a fortnight",
    "field_filled_share": "rows with the field filled in",
    "restated_share": "numbers as they were first given",
    "set_aside_share": "rows set aside",
    "order_zero_value_share": "orders worth nothing",
    "order_unmapped_spend_share": "spend that belongs to no channel",
    "session_source_differs": "visits whose source is seen otherwise",
    "default_channel_differs": "visits whose channel is seen otherwise",
    "credit_mix": "credit by channel",
}


def name_of(signal: str) -> str:
    return SIGNALS.get(signal, signal.replace("_", " "))


def what(incident: Incident) -> str:
    """What happened, in a sentence without its full stop."""
    settings = [x.change for x in incident.explanation.explained if x.change]
    if not incident.explanation.signals and settings:
        goals = ", ".join(sorted({change.goals for change in settings if change.goals}))
        return f"A setting was changed that may keep {goals or 'a goal'} from being counted rightly"
    if incident.family.name == UNEXPLAINED:
        return incident.family.what
    where = "" if incident.segment == "all" else f" ({incident.segment})"
    return incident.family.what + where


def observed(incident: Incident, key: Episode | None) -> str:
    """What moved, and what was to be expected of it."""
    settings = [x.change.words for x in incident.explanation.explained if x.change]
    if not key or not key.last:
        return "; ".join(dict.fromkeys(settings)) or _unmeasured(incident)
    text = f"{name_of(key.signal)}{_of(key)}: {_figures(key, key.last)}{_alike(incident, key)}"
    text += _turned(key.last) + _narrowest(incident, key)
    others = sorted({name_of(x.signal) for x in _moved(incident) if x.signal != key.signal})
    return f"{text}; with it {', '.join(others)}" if others else text


def signals(incident: Incident) -> list[str]:
    """Names of the signals that moved."""
    return sorted({x.signal for x in incident.explanation.explained if not is_setting(x)})


def not_affected(names: Iterable[tuple[str, str]]) -> str:
    """Signals of the same money that are normal: (signal, system) in words."""
    return ", ".join(f"{name_of(signal)} ({system})" for signal, system in names)


def _moved(incident: Incident) -> list[Episode]:
    return [x for x in incident.explanation.explained if x.readings]


def _of(episode: Episode) -> str:
    return "" if episode.segment in ("all", episode.system) else f" of {episode.segment}"


def _alike(incident: Incident, key: Episode) -> str:
    """Other segments of the same kind that moved the same way, where the message names one."""
    if not _of(key):
        return ""
    found = sorted(
        x.segment
        for x in _moved(incident)
        if (x.signal, x.dimension, x.direction) == (key.signal, key.dimension, key.direction)
        and x.segment != key.segment
    )
    more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    return f"; the same of {', '.join(found[:NAMED])}{more}" if found else ""


def _narrowest(incident: Incident, key: Episode) -> str:
    """Segments of any signal of the cause that lost next to everything, where what it goes by lost
    a part: that is where to look first. Those of which most is missing are named, by the newest
    day's counts."""
    if key.effect <= NEXT_TO_NOTHING:
        return ""
    found = [
        x for x in _moved(incident)
        if not x.is_whole and x.kind != "mix" and x.effect <= NEXT_TO_NOTHING
        and x.last and x.last.day == incident.last_seen
    ]  # fmt: skip
    named = [
        f"{x.signal} {x.dimension}={x.segment} {x.last.numerator} of {x.last.denominator}"
        for x in sorted(found, key=lambda x: (-x.missing, x.key))[:NARROWEST]
        if x.last
    ]
    return f"; narrowest: {', '.join(named)}" if named else ""


def _turned(reading: Reading) -> str:
    """By how much a profile by the hour is turned: of two ways round the clock the shorter."""
    hours = reading.hours_turned
    if not hours:
        return ""
    way, hours = ("later", hours) if hours <= 12 else ("earlier", 24 - hours)
    return f"; the usual day as if {hours} hour{'' if hours == 1 else 's'} {way}"


def _unmeasured(incident: Incident) -> str:
    return ", ".join(sorted({_delivery(x) for x in incident.explanation.explained}))


def _delivery(episode: Episode) -> str:
    """What of a source is not there, as nothing measures it."""
    if episode.signal == LATE:
        return f"nothing of {episode.opened} and later has landed"
    if episode.signal == MISSING and episode.closed:
        return f"days from {episode.opened} to {episode.closed - timedelta(days=1)} are missing"
    return episode.signal.strip("()")


def _figures(episode: Episode, reading: Reading) -> str:
    """The newest day where it is out of range by itself; else what it came to since the onset."""
    seen, low, high = reading.observed, reading.low, reading.high
    if low <= seen <= high:
        level, usual = reading.effect * reading.expected, reading.expected
        figures = f"{_figure(level, episode.kind)} where {_figure(usual, episode.kind)} is usual"
        return f"{figures}, since {episode.onset}"
    if episode.kind == "rate":
        return f"{seen:.2f} where {low:.2f} to {high:.2f} is expected"
    return f"{100 * seen:.1f} % where {100 * low:.1f} to {100 * high:.1f} % is expected"


def _figure(ratio: float, kind: str) -> str:
    return f"{ratio:.2f}" if kind == "rate" else f"{100 * ratio:.1f} %"
