"""What the small company's systems say, early and in the end: restated, renamed, merged, deleted.

Everything follows from the day; `stage` is how far the world has come: 0 early, 1 in the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from orders import other_systems
from trueup.sources import registry
from trueup.sources.contract import Stream
from trueup.window import Window

START, DAYS = date(2026, 9, 1), 20
HISTORY = Window(START, START + timedelta(days=DAYS))
ZONES = {"111": ("EUR", "Europe/Lisbon"), "222": ("USD", "America/New_York")}
Row = dict[str, Any]
Rows = Callable[[str, int], Iterator[Row]]


@dataclass(frozen=True)
class Teller:
    """One stream of one account, and what the system says of it."""

    source: str
    stream: Stream
    account: str
    rows: Rows

    def ask(self, window: Window, stage: int) -> list[Row]:
        """The rows of `window` at a stage, with every declared column."""
        names = [column.name for column in self.stream.columns]
        found = []
        for row in self.rows(self.account, stage):
            if unknown := set(row) - set(names):
                raise KeyError(f"{self.stream.name} has no {unknown}")
            cut = {"day": self.stream.day, "changes": self.stream.cursor}.get(self.stream.kind)
            at = row[cut] if cut else None
            if at is None or (at.date() if isinstance(at, datetime) else at) in window:
                found.append({name: row.get(name) for name in names})
        return found


def tellers() -> list[Teller]:
    return [
        Teller(source, registry.load(source).stream(name), account, rows)
        for source, name, accounts, rows in SAID
        for account in accounts
    ]


def _days() -> Iterator[tuple[int, date, Random]]:
    for number in range(DAYS):
        yield number, START + timedelta(days=number), Random(number)


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def _orders(feed: str, stage: int) -> Iterator[Row]:
    """Early on some orders are not known yet, some have another amount or day, and there are
    test orders, which are deleted later."""
    for number, day, random in _days():
        for i in range(3):
            kind, amount = random.randrange(6), 20 + random.randrange(200)
            campaign = random.choice(["6", "7", "brand", None])
            account = "south" if campaign == "brand" and i else "north"
            currency = random.choice(["EUR", "EUR", "USD", "HUF"])
            person = random.randrange(9)
            if stage == 0 and kind == 0:
                continue
            moves = stage == 0 and kind == 1 and number < DAYS - 1
            on = day + timedelta(days=moves)
            yield {
                "feed": feed, "order_id": f"o{number}-{i}", "ordered_date": on,
                "ordered_at": _at(on, 10 + i), "amount_local": amount - (stage == 0 and kind == 2),
                "currency_code": currency, "person_id": f"person{person}@small.example",
                "utm_source": "sites" if campaign else "newsletter",
                "utm_medium": "cpc" if campaign else "email", "campaign_id": campaign,
                "platform": "sites" if campaign else None,
                "account_id": account if campaign else None,
            }  # fmt: skip
        if stage == 0 and number % 5 == 0:
            yield {
                "feed": feed, "order_id": f"test{number}", "ordered_date": day,
                "ordered_at": _at(day, 3), "amount_local": 1, "currency_code": "EUR",
            }  # fmt: skip


def _refunds(feed: str, stage: int) -> Iterator[Row]:
    """Of a known order, of one that no file knows, of none."""
    for number, day, _ in _days():
        if stage or number % 4:
            yield {
                "feed": feed, "refund_id": f"r{number}", "refunded_date": day,
                "order_id": [f"o{max(number - 3, 0)}-1", f"gone{number}", None][number % 3],
                "amount_local": 5 + stage, "currency_code": "EUR",
            }  # fmt: skip


def _bookings(feed: str, stage: int) -> Iterator[Row]:
    for number, day, random in _days():
        status = random.choice(["booked", "cancelled", "no_show"]) if stage else "booked"
        yield {
            "feed": feed, "booking_id": f"b{number}", "booked_date": day, "status": status,
            "arrival_date": day + timedelta(days=4), "departure_date": day + timedelta(days=6),
            "cancelled_date": day + timedelta(days=1) if status == "cancelled" else None,
            "amount_local": 100 + number, "currency_code": "EUR",
            "stayed_amount_local": 90 + number if stage and status == "booked" else None,
            "person_id": f"person{number % 9}@small.example",
        }  # fmt: skip


def _touches(feed: str, stage: int) -> Iterator[Row]:
    for number, day, random in _days():
        for i in range(2):
            campaign = random.choice(["promo autumn", "brand", "seven"])
            yield {
                "feed": feed, "touch_id": f"t{number}-{i}", "touch_date": day,
                "touch_at": _at(day, 7 + i), "touch_source": "sites", "touch_medium": "cpc",
                "touch_campaign": campaign if stage else "brand", "platform": "sites",
                "person_id": f"person{random.randrange(9)}@small.example",
            }  # fmt: skip


def _spend(feed: str, stage: int) -> Iterator[Row]:
    """Both accounts call a campaign `brand`. Campaign 6 is renamed, so that another rule of the
    channels holds; campaign 7 is not there early on."""
    names = {"brand": "brand", "6": "promo autumn" if stage else "autumn", "7": "seven"}
    if feed == "south" or not stage:
        names.pop("7")
    if feed == "south":
        names.pop("6")
    for _, day, random in _days():
        for campaign, name in names.items():
            yield {
                "feed": feed, "platform": "sites", "account_id": feed, "ad_date": day,
                "campaign_id": campaign, "campaign_name": name, "currency_code": "EUR",
                "impressions": 100 * (stage + 1), "clicks": random.randrange(9) + stage,
                "spend_amount_local": f"{random.randrange(900)}.123456",
            }  # fmt: skip


def _site_claims(feed: str, stage: int) -> Iterator[Row]:
    for number, day, _ in _days():
        if stage or number % 2:
            yield {
                "feed": feed, "platform": "sites", "account_id": "north", "campaign_id": "6",
                "claim_date": day, "action_id": "sold", "date_basis": "click_date",
                "click_window_days": 30, "is_view_through": False, "currency_code": "EUR",
                "claimed_conversions": 1 + stage, "claimed_amount_local": 50 * (1 + stage),
            }  # fmt: skip


def _ads(account: str, stage: int) -> Iterator[Row]:
    currency, zone = ZONES[account]
    for _, day, random in _days():
        for ad in ("a1", "a2"):
            if stage or random.randrange(5):
                yield {
                    "customer_id": account, "currency_code": currency, "time_zone": zone,
                    "campaign_id": f"{account}1", "ad_group_id": "g", "ad_id": ad, "ad_date": day,
                    "impressions": 50 + stage, "clicks": 3, "cost": f"{2 + stage}.25",
                }  # fmt: skip


def _accounts(account: str, stage: int) -> Iterator[Row]:
    """What was charged: the ads, and a little that no ad shows."""
    currency, zone = ZONES[account]
    for _, day, _random in _days():
        of_day = [row for row in _ads(account, stage) if row["ad_date"] == day]
        yield {
            "customer_id": account, "currency_code": currency, "time_zone": zone, "ad_date": day,
            "impressions": 200, "clicks": 9, "cost": f"{len(of_day) * (2 + stage)}.75",
        }  # fmt: skip


def _campaigns(account: str, stage: int) -> Iterator[Row]:
    """One is renamed, one is new in the end."""
    names = ["promo google" if stage else "google", *(["late"] if stage else [])]
    for number, name in enumerate(names, start=1):
        yield {
            "customer_id": account, "campaign_id": f"{account}{number}", "campaign_name": name,
            "status": "ENABLED", "advertising_channel_type": "SEARCH",
        }  # fmt: skip


def _conversions(account: str, stage: int) -> Iterator[Row]:
    currency, zone = ZONES[account]
    for number, day, _ in _days():
        if stage or number % 3:
            yield {
                "level": "ad", "customer_id": account, "currency_code": currency,
                "time_zone": zone, "campaign_id": f"{account}1", "ad_group_id": "g",
                "ad_id": "a1", "ad_date": day, "conversion_action_id": "9",
                "conversion_action_name": "Purchase", "conversions": 1 + stage,
                "all_conversions": 1 + stage, "all_conversions_value": 40 + stage,
                "view_through_conversions": number % 2, "attribution_model": "LAST_CLICK",
                "click_through_lookback_window_days": 30,
                "view_through_lookback_window_days": 1,
            }  # fmt: skip


def _clicks(account: str, stage: int) -> Iterator[Row]:
    for number, day, _ in _days():
        yield {
            "customer_id": account, "campaign_id": f"{account}1", "ad_group_id": "g",
            "ad_id": "a2" if stage else "a1", "ad_date": day, "gclid": f"gclid-{account}-{number}",
            "clicks": 1,
        }  # fmt: skip


def _contacts(_: str, stage: int) -> Iterator[Row]:
    """The first contact of a day becomes a customer later; every fifth is merged into the next."""
    for number, day, _random in _days():
        is_merged = bool(stage) and number % 5 == 0 and number + 1 < DAYS
        changed = day + timedelta(days=min(3, DAYS - 1 - number) if stage else 0)
        into = number - 1 if stage and number % 5 == 1 else None
        yield {
            "contact_id": str(number), "email": f"person{number % 9}@small.example",
            "created_at": _at(day, 8), "modified_at": _at(changed, 9), "form": "ask",
            "google_click_id": f"gclid-111-{number}" if number % 2 else None,
            "merged_ids": None if into is None else str(into), "is_archived": is_merged,
        }  # fmt: skip


def _submissions(_: str, stage: int) -> Iterator[Row]:
    """Every third contact asks again the next day, which is known later."""
    for number, day, _random in _days():
        if stage and number % 3 == 0 and number + 1 < DAYS:
            yield {
                "contact_id": str(number), "asked_at": _at(day + timedelta(days=1), 8),
                "form": "ask", "google_click_id": f"gclid-111-{number}", "is_repeat": False,
                "modified_at": _at(day + timedelta(days=1), 9),
            }  # fmt: skip


def _activities(_: str, stage: int) -> Iterator[Row]:
    for number, day, _random in _days():
        yield {
            "activity_id": str(number), "kind": "calls", "happened_at": _at(day, 10),
            "direction": "OUTBOUND", "status": "COMPLETED", "contact_id": str(number),
            "created_at": _at(day, 10), "modified_at": _at(day, 10 + stage), "is_archived": False,
        }  # fmt: skip


def _deals(_: str, stage: int) -> Iterator[Row]:
    for number, day, _random in _days():
        if number % 2 == 0:
            is_won = bool(stage) and number % 4 == 0
            changed = day + timedelta(days=min(2, DAYS - 1 - number) if stage else 0)
            yield {
                "deal_id": f"d{number}", "contact_id": str(number),
                "contact_ids": str(number), "pipeline": "main",
                "stage": "won" if is_won else "open", "amount": 500 + number + stage,
                "currency_code": "EUR", "created_at": _at(day, 11),
                "modified_at": _at(changed, 12), "is_closed": is_won, "is_archived": False,
                "closed_at": _at(changed, 12) if is_won else None,
            }  # fmt: skip


def _deal_stages(account: str, stage: int) -> Iterator[Row]:
    for deal in _deals(account, stage):
        yield {
            "deal_id": deal["deal_id"], "stage": "open", "entered_at": deal["created_at"],
            "amount": None, "modified_at": deal["modified_at"],
        }  # fmt: skip
        if deal["stage"] == "won":
            yield {
                "deal_id": deal["deal_id"], "stage": "won", "entered_at": deal["modified_at"],
                "amount": deal["amount"], "modified_at": deal["modified_at"], "pipeline": "main",
            }  # fmt: skip


def _pipelines(_: str, stage: int) -> Iterator[Row]:
    """Early on one stage is not there yet."""
    for name in ("open", "won", "lost")[: 2 + stage]:
        yield {
            "pipeline": "main", "stage": name, "is_closed": name != "open",
            "win_probability": str(int(name == "won")), "pipeline_name": None, "stage_name": name,
        }  # fmt: skip


def _events(_: str, stage: int) -> Iterator[Row]:
    """Visits, some past midnight, and a purchase for every order but those of who refused to be
    seen; early on some are missing."""
    for number, day, random in _days():
        for i in range(4):
            is_paid = random.randrange(2)
            click = f"gclid={'gclid-111-' + str(number)}" if is_paid else "utm_source=sites"
            refused = number % 5 == 4 and i == 2
            if refused or (stage == 0 and i == 3):
                continue
            for step, name in enumerate(("page_view", "purchase" if i < 3 else "scroll")):
                yield {
                    "event_key": f"{number}-{i}-{step}", "event_name": name,
                    "event_date": day, "event_at": _at(day, 9 + i, 10 + step),
                    "user_pseudo_id": f"client{random.randrange(9)}",
                    "ga_session_id": number * 10 + i,
                    "page_location": f"https://small.example/p{i}?{click}",
                    "page_referrer": "https://www.sites.example/",
                    "transaction_id": f"o{number}-{i}" if name == "purchase" else None,
                    "purchase_revenue": 30 + stage if name == "purchase" else None,
                    "currency": "EUR" if name == "purchase" else None,
                    "analytics_storage": "Yes", "ads_storage": "Yes", "device_category": "mobile",
                    "table_kind": "daily", "is_final": bool(stage),
                }  # fmt: skip


def _rates(_: str, stage: int) -> Iterator[Row]:
    for number, day, _random in _days():
        if day.weekday() < 5:
            yield {
                "rate_date": day, "currency_code": "USD", "base_currency": "EUR",
                "units_per_base": f"1.{10 + number % 3 + stage}",
            }  # fmt: skip


SAID: tuple[tuple[str, str, tuple[str, ...], Rows], ...] = (
    ("files", "orders", ("till",), _orders),
    ("files", "refunds", ("returns",), _refunds),
    ("files", "bookings", ("desk",), _bookings),
    ("files", "touches", ("visits",), _touches),
    ("files", "ad_performance", ("north", "south"), _spend),
    ("files", "claims", ("said",), _site_claims),
    ("google_ads", "ad_performance", ("111", "222"), _ads),
    ("google_ads", "account_performance", ("111", "222"), _accounts),
    ("google_ads", "campaigns", ("111", "222"), _campaigns),
    ("google_ads", "conversions", ("111", "222"), _conversions),
    ("google_ads", "clicks", ("111",), _clicks),
    ("hubspot", "contacts", ("333",), _contacts),
    ("hubspot", "submissions", ("333",), _submissions),
    ("hubspot", "activities", ("333",), _activities),
    ("hubspot", "deals", ("333",), _deals),
    ("hubspot", "deal_stages", ("333",), _deal_stages),
    ("hubspot", "pipelines", ("333",), _pipelines),
    ("ga4", "events", ("444",), _events),
    ("fx_rates", "rates", ("",), _rates),
    ("google_ads", "search_terms", ("111",), other_systems.search_terms),
    ("cloudbeds", "reservations", ("555",), other_systems.reservations),
    ("cloudbeds", "nights", ("555",), other_systems.nights),
    ("cloudbeds", "transactions", ("555",), other_systems.deposits),
    ("cloudbeds", "sources", ("555",), other_systems.agencies),
    ("cloudbeds", "rooms", ("555",), other_systems.rooms),
    ("cloudbeds", "property", ("555",), other_systems.properties),
    ("conversions_api", "attempts", ("meta:666000666",), other_systems.attempts),
)
