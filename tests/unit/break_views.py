"""What each kind of break moves in the tables that vendors answer from: see test_breaks.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

DAY, END = date(2026, 8, 14), date(2026, 8, 26)
STRENGTH = 0.6


def within(column: str, hours: int = 1) -> str:
    """What happens on the days of the break, or follows from it within hours."""
    return f"({column} >= date '{DAY}' and {column} < date '{END}' + interval {hours} hour)"


@dataclass(frozen=True)
class View:
    """Somebody's view: the sum of `amount` over the break's days becomes `becomes` times as much.

    `rows` selects `instant` and `amount`.
    """

    whose: str
    becomes: tuple[float, float]
    rows: str


@dataclass(frozen=True)
class Moved:
    """A break's views, and of each table that may move which rows: a condition.

    `remembered` are columns of later rows in which a day of the break is remembered.
    """

    number: int
    views: tuple[View, ...]
    rows: dict[str, str]
    variant: str = ""
    remembered: tuple[str, ...] = ()
    settings: tuple[str, ...] = field(default=())


TAGS = ("tag_versions", "tag_publishes", "tag_changes")
STATES = ("system_settings", "setting_changes")
ORIGINS = ("session_source", "session_medium", "session_campaign", "first_source", "first_medium")

WEB_PURCHASES = "from ga4_events where event_name = 'purchase' and event_id % 16 in (9, 10)"
PURCHASES = f"select event_at as instant, 1 as amount {WEB_PURCHASES}"
PURCHASE_ROWS = f"event_name = 'purchase' and {within('event_at')}"
CHECKOUTS = """
    select event_at as instant, 1 as amount from ga4_events where event_name = 'begin_checkout'"""
ORDERS = "select ordered_at as instant, 1 as amount from orders where source_name = 'web'"
#: Whether GA4 saw an order stands beside it, as truth.
SEEN = {"orders": within("ordered_at")}


def claims(where: str, amount: str = "1") -> str:
    return f"select converted_at as instant, {amount} as amount from claims where {where}"


def sends(where: str, amount: str = "1") -> str:
    return f"select event_at as instant, {amount} as amount from server_sends where {where}"


def claimed(where: str) -> dict[str, str]:
    return {"claims": f"{where} and {within('converted_at')}"}


def sent(where: str = "true") -> dict[str, str]:
    return {"server_sends": f"{where} and {within('event_at')}"}


META_BUYS = "platform = 'meta_ads' and action = 'purchase'"
GOOGLE_BUYS = "platform = 'google_ads' and action = 'purchase'"
FLAT = (1.0, 1.0)

MOVED = (
    Moved(1, (
        View("GA4", (0.28, 0.52), PURCHASES),
        View("GA4's checkouts", FLAT, CHECKOUTS),
        View("the shop", FLAT, ORDERS),
        View("Meta", (0.7, 0.98), claims(META_BUYS)),
        View("Google", FLAT, claims(GOOGLE_BUYS)),
    ), {"ga4_events": PURCHASE_ROWS, **SEEN, **claimed(META_BUYS)}, settings=TAGS),
    Moved(2, (
        View("GA4 on Safari", (0.2, 0.6), f"{PURCHASES} and browser = 'Safari'"),
        View("GA4 elsewhere", FLAT, f"{PURCHASES} and browser <> 'Safari'"),
        View("the shop", FLAT, ORDERS),
    ), {"ga4_events": f"{PURCHASE_ROWS} and browser = 'Safari'", **SEEN}, settings=TAGS),
    Moved(3, (
        View("GA4", (1.4, 1.75), PURCHASES),
        View("GA4's orders", FLAT, f"""select min(event_at) as instant, 1 as amount
            {WEB_PURCHASES} group by transaction_id"""),
        View("Meta", (1.4, 1.8), claims(META_BUYS)),
        View("Google", (1.4, 1.8), claims(GOOGLE_BUYS)),
    ), {"ga4_events": PURCHASE_ROWS, **claimed("action = 'purchase'")}, settings=TAGS),
    Moved(4, (
        View("GA4's ids", (0.28, 0.52), f"{PURCHASES} and transaction_id is not null"),
        View("GA4", FLAT, PURCHASES),
    ), {"ga4_events": PURCHASE_ROWS, **SEEN}, settings=TAGS),
    Moved(4, (
        View("GA4's ids", (0.45, 0.8), f"""select min(event_at) as instant, 1 as amount
            {WEB_PURCHASES} group by transaction_id"""),
        View("GA4", FLAT, PURCHASES),
    ), {"ga4_events": PURCHASE_ROWS, **SEEN}, "constant", settings=TAGS),
    Moved(5, (
        View("GA4's euros", (0.28, 0.52), f"{PURCHASES} and currency = 'EUR'"),
        View("GA4's figures", FLAT, f"select event_at as instant, value as amount {WEB_PURCHASES}"),
    ), {"ga4_events": PURCHASE_ROWS}, settings=TAGS),
    Moved(6, (
        View("GA4", (45, 75), f"select event_at as instant, value as amount {WEB_PURCHASES}"),
        View("GA4's purchases", FLAT, PURCHASES),
        View("Meta's claims", FLAT, claims(META_BUYS)),
        View("Meta", (20, 75), claims(META_BUYS, "value_amount_local")),
    ), {"ga4_events": PURCHASE_ROWS, **claimed("action = 'purchase'")}, settings=TAGS),
    Moved(7, (
        View("GA4", (0.28, 0.52), f"{PURCHASES} and value is not null"),
        View("GA4's purchases", FLAT, PURCHASES),
        View("Meta", (0.3, 0.8), claims(META_BUYS, "value_amount_local")),
    ), {"ga4_events": PURCHASE_ROWS, **claimed("action = 'purchase'")}, settings=TAGS),
    Moved(8, (
        View("Meta's server", (0.3, 0.5), sends("destination = 'meta' and event_id like 'HH%'")),
        View("what Meta took", FLAT, sends("destination = 'meta' and http_status = 200")),
        View("what Google took", FLAT, sends("destination = 'google' and event_id like 'HH%'")),
        View("Meta", (1.25, 1.65), claims(META_BUYS)),
    ), {**sent("destination = 'meta'"), **claimed("platform = 'meta_ads'")}, settings=TAGS),
    Moved(9, (
        View("Meta's server", (0.4, 0.8), """
            select min(event_at) as instant, 1 as amount from server_sends
            where destination = 'meta' and event_name = 'Purchase' group by event_id"""),
        View("what Meta took", FLAT, sends("destination = 'meta' and http_status = 200")),
        View("Meta", (0.4, 0.7), claims(META_BUYS)),
    ), {**sent("destination = 'meta'"), **claimed(META_BUYS)}, settings=TAGS),
    Moved(10, (
        View("what Meta took", (0.28, 0.52), """select sent_at as instant, 1 as amount
            from server_sends where destination = 'meta' and http_status = 200"""),
        View("what Google took", FLAT, sends("destination = 'google' and http_status = 200")),
        View("Meta", (0.6, 0.98), claims(META_BUYS)),
    ), {
        "server_sends": f"destination = 'meta' and {within('sent_at')}",
        **claimed("platform = 'meta_ads'"),
    }),
    Moved(11, (
        View("the banner in Europe", (0.3, 0.5), """select visit_at as instant, 1 as amount
            from visits where analytics_consent and country not in ('GB', 'US')"""),
        View("the banner elsewhere", FLAT, """select visit_at as instant, 1 as amount
            from visits where analytics_consent and country in ('GB', 'US')"""),
        View("GA4's sessions in Europe", (0.28, 0.52), """select event_at as instant, 1 as amount
            from ga4_events where event_name = 'session_start' and country not in ('GB', 'US')"""),
        View("GA4's purchases in Europe", (0.6, 0.99),
             f"{PURCHASES} and country not in ('GB', 'US')"),
        View("the shop", FLAT, ORDERS),
    ), {
        "visits": f"country not in ('GB', 'US') and {within('visit_at')}",
        "ga4_events": f"country not in ('GB', 'US') and {within('event_at')}",
        "contacts": f"created_at >= date '{DAY}'", "enquiries": f"asked_at >= date '{DAY}'",
        "claims": f"{within('touched_at')} or {within('converted_at')}",
        **sent(), **SEEN,
    }, remembered=(*ORIGINS, "first_visit_id"), settings=TAGS),
    Moved(13, (
        View("click ids on the page", (0.3, 0.5), """select visit_at as instant, 1 as amount
            from visits where landing_page like '%/hampers?%clid=%' and platform is not null"""),
        View("click ids elsewhere", FLAT, """select visit_at as instant, 1 as amount
            from visits where landing_page like '%?%clid=%' and platform is not null
                and landing_page not like '%/hampers?%'"""),
        View("utm words on the page", (0.3, 0.5), """select visit_at as instant, 1 as amount
            from visits where landing_page like '%/hampers?%utm%' and platform is not null"""),
        View("clicks", FLAT, "select clicked_at as instant, 1 as amount from ad_clicks"),
    ), {
        "visits": f"landing_page like '%/hampers%' and {within('visit_at')}",
        "ga4_events": within("event_at"), **SEEN, "claims": within("touched_at"),
        "contacts": f"created_at >= date '{DAY}'", "enquiries": f"asked_at >= date '{DAY}'",
    }, remembered=ORIGINS),
    Moved(15, (
        View("click ids of Google", (0.3, 0.5), """select visit_at as instant, 1 as amount
            from visits where landing_page like '%gclid=%'"""),
        View("click ids of Meta", FLAT, """select visit_at as instant, 1 as amount
            from visits where landing_page like '%fbclid=%'"""),
        View("utm words", FLAT, """select visit_at as instant, 1 as amount
            from visits where landing_page like '%utm_source=google%'"""),
        View("Google's clicks", FLAT, """select clicked_at as instant, 1 as amount
            from ad_clicks where platform = 'google_ads'"""),
        View("GA4's cpc", (0.4, 0.97), """select event_at as instant, 1 as amount
            from ga4_events where event_name = 'session_start' and session_medium = 'cpc'"""),
    ), {
        "visits": f"platform = 'google_ads' and {within('visit_at')}",
        "ga4_events": within("event_at"), **SEEN,
        "claims": f"platform = 'google_ads' and ({within('touched_at')}"
        " or action = 'qualified_lead')",
        "contacts": f"created_at >= date '{DAY}'", "enquiries": f"asked_at >= date '{DAY}'",
    }, remembered=ORIGINS, settings=STATES),
)  # fmt: skip
