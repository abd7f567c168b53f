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
LANDINGS = "select visit_at as instant, 1 as amount from visits where landing_page"
ON_SAFARI = "visit_id in (select visit_id from visits_drawn where browser = 'Safari')"
#: What the CRM never heard of, and all that came of it.
CRM_ROWS = {
    "contacts": f"created_at >= date '{DAY}'", "enquiries": within("asked_at"),
    "contact_updates": f"updated_at >= date '{DAY}'", "deals": f"created_at >= date '{DAY}'",
    "deal_stages": f"entered_at >= date '{DAY}'", "deal_contacts": "true",
    "activities": f"created_at >= date '{DAY}'", "claims": "action = 'qualified_lead'",
    "crm_merges": f"merged_at >= date '{DAY}'",
    "true_ledger": f"conversion_id like 'hubspot:%' and entry_at >= date '{DAY}'",
    "truth": f"goal = 'deal' and converted_at >= date '{DAY}'",
}  # fmt: skip

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
    Moved(12, (
        View("Google", (0.35, 0.9), claims("platform = 'google_ads'")),
        View("Google's tag", FLAT, claims("platform = 'google_ads' and not is_modelled")),
        View("Meta", FLAT, claims("platform = 'meta_ads'")),
    ), claimed("platform = 'google_ads' and is_modelled"), settings=STATES),
    Moved(14, (
        View("click ids on Safari", (0.3, 0.5), f"{LANDINGS} like '%clid=%' and {ON_SAFARI}"),
        View("click ids elsewhere", FLAT, f"{LANDINGS} like '%clid=%' and not {ON_SAFARI}"),
        View("utm words", FLAT, f"{LANDINGS} like '%utm_source=%'"),
    ), {
        "visits": within("visit_at"), "ga4_events": within("event_at"),
        **SEEN, "claims": f"{within('touched_at')} or action = 'qualified_lead'",
        "contacts": f"created_at >= date '{DAY}'", "enquiries": f"asked_at >= date '{DAY}'",
    }, remembered=ORIGINS),
    Moved(16, (
        View("old names", (0.3, 0.5), f"{LANDINGS} similar to '.*utm_campaign=[a-z].*'"
             " and platform is not null"),
        View("tags", FLAT, f"{LANDINGS} like '%utm_campaign=%'"),
        View("click ids", FLAT, f"{LANDINGS} like '%clid=%'"),
    ), {
        "visits": within("visit_at"), "ga4_events": within("event_at"), **SEEN,
        "contacts": f"created_at >= date '{DAY}'", "enquiries": f"asked_at >= date '{DAY}'",
    }, remembered=ORIGINS),
    Moved(17, (
        View("GA4's own-domain sessions", (20, 10000), f"""select instant, amount from (
            select event_at as instant, 1 as amount from ga4_events
            where event_name = 'session_start' and session_source = 'shop.harbourhouse.example'
            union all select timestamp '{DAY}', 1)"""),
        View("GA4's purchases by own sources", (0.25, 0.55),
             f"{PURCHASES} and session_source <> 'shop.harbourhouse.example'"),
        View("GA4's purchases", FLAT, PURCHASES),
        View("the shop", FLAT, ORDERS),
    ), {"ga4_events": within("event_at")}, settings=TAGS),
    Moved(18, (
        View("GA4's purchases by the provider", (15, 10000), f"""select instant, amount from (
            {PURCHASES} and session_source = 'paypal.com'
            union all select timestamp '{DAY}', 1)"""),
        View("GA4's purchases", FLAT, PURCHASES),
        View("GA4's checkouts", FLAT, CHECKOUTS),
    ), {"ga4_events": within("event_at")}),
    Moved(19, (
        View("GA4's known sessions", (0.3, 0.5), """select event_at as instant, 1 as amount
            from ga4_events where event_name = 'page_view' and session_source <> '(not set)'"""),
        View("GA4's starts", (0.3, 0.5), """select event_at as instant, 1 as amount
            from ga4_events where event_name = 'session_start'"""),
        View("GA4's page views", FLAT, """select event_at as instant, 1 as amount
            from ga4_events where event_name = 'page_view'"""),
        View("GA4's purchases", FLAT, PURCHASES),
    ), {"ga4_events": within("event_at")}),
    Moved(20, (
        View("GA4's sessions", (1.2, 1.9), """select event_at as instant, 1 as amount
            from ga4_events where event_name = 'session_start'"""),
        View("GA4's purchases", FLAT, PURCHASES),
        View("GA4's checkouts", FLAT, CHECKOUTS),
        View("the shop", FLAT, ORDERS),
    ), {
        "visits": within("visit_at"), "ga4_events": within("event_at"),
        "people": "email like 'nobody.%'",
    }),
    Moved(21, (
        View("Google", (1.4, 1.8), claims("platform = 'google_ads' and action like 'purchase%'")),
        View("Google's first action", FLAT, claims(GOOGLE_BUYS)),
        View("Meta", FLAT, claims("platform = 'meta_ads'")),
    ), claimed("platform = 'google_ads' and action = 'purchase_again'"), settings=STATES),
    Moved(22, (
        View("Google", (0.6, 0.97), claims(GOOGLE_BUYS)),
        View("Google's claims of young clicks", FLAT,
             claims(f"{GOOGLE_BUYS} and touched_at > converted_at - interval 12 day")),
        View("Google's claims of old clicks", (0, 0),
             claims(f"{GOOGLE_BUYS} and touched_at < converted_at - interval 12 day")),
        View("Meta", FLAT, claims("platform = 'meta_ads'")),
    ), claimed(GOOGLE_BUYS), settings=STATES),
    Moved(23, (
        View("Meta's views", (0.25, 0.55), claims("platform = 'meta_ads' and kind = 'view'")),
        View("Meta's clicks", FLAT, claims("platform = 'meta_ads' and kind = 'click'")),
        View("Google", FLAT, claims("platform = 'google_ads'")),
    ), claimed("platform = 'meta_ads' and kind = 'view'")),
    Moved(24, (
        View("Google's bill of then", (0.38, 0.42), """
            select known_at as instant, sum(cost_micros) over () as amount from (
                select timestamp '2026-08-20' as known_at, cost_micros from ad_daily
                where platform = 'google_ads' and ad_date = date '2026-08-08'
                qualify row_number() over (partition by campaign_id, ad_id
                    order by version desc) = 1)"""),
        View("Meta's bills", FLAT, """select known_at as instant, cost_micros as amount
            from ad_daily where platform = 'meta_ads'"""),
        View("Google's first bills", FLAT, """select known_at as instant, cost_micros as amount
            from ad_daily where platform = 'google_ads' and version < 4"""),
    ), {
        "ad_daily": f"version = 4 and platform = 'google_ads' and {within('known_at', 6)}",
        "account_daily": f"version = 4 and platform = 'google_ads' and {within('known_at', 6)}",
    }),
    Moved(26, (
        View("GA4 within a day", (0, 0), """select event_at as instant, 1 as amount
            from ga4_events where known_at < event_at + interval 1 day"""),
        View("GA4 in the end", FLAT, "select event_at as instant, 1 as amount from ga4_events"),
    ), {"ga4_events": within("event_at")}),
    Moved(28, (
        View("GA4's nights", (1.5, 50), """select event_at as instant, 1 as amount
            from ga4_events where hour(event_at) between 0 and 3"""),
        View("GA4's days", (0.95, 1.05), """select event_at as instant, 1 as amount
            from ga4_events"""),
        View("the shop", FLAT, ORDERS),
    ), {"ga4_events": within("event_at", 6)}, settings=STATES),
    Moved(29, (
        View("the CRM", (0.2, 0.6), """select asked_at as instant, 1 as amount
            from enquiries inner join visits using (visit_id)"""),
        View("GA4's leads", FLAT, """select event_at as instant, 1 as amount from ga4_events
            where event_name = 'generate_lead'"""),
        View("Meta's leads", FLAT, claims("platform = 'meta_ads' and action = 'lead'")),
        View("the server's leads", FLAT, sends("event_name = 'Lead'")),
    ), CRM_ROWS),
    Moved(30, (
        View("the CRM's click ids", (0.1, 0.75), """select asked_at as instant, 1 as amount
            from enquiries where gclid is not null"""),
        View("the CRM", FLAT, "select asked_at as instant, 1 as amount from enquiries"),
        View("the CRM's other click ids", FLAT, """select asked_at as instant, 1 as amount
            from enquiries where fbclid is not null"""),
    ), {
        "contacts": "gclid is null or gclid is not null", "enquiries": within("asked_at"),
        "claims": "action = 'qualified_lead'",
    }),
    Moved(31, (
        View("the CRM's viewings", (0.3, 0.95), """select entered_at as instant, 1 as amount
            from deal_stages where stage = 'viewing'"""),
        View("the CRM's enquiries", FLAT, """select entered_at as instant, 1 as amount
            from deal_stages where stage = 'enquiry'"""),
    ), {"deal_stages": f"stage = 'viewing' and entered_at >= date '{DAY}'"}, settings=STATES),
    Moved(32, (
        View("Google's uploads", (0, 0.85), claims("action = 'qualified_lead'")),
        View("Google's requests", (0.2, 0.65), sends("destination = 'google'"
             " and http_status = 200")),
        View("Meta's requests", FLAT, sends("destination = 'meta' and http_status = 200")),
    ), {
        "claims": f"action = 'qualified_lead' and {within('converted_at')}",
        "server_sends": f"destination = 'google' and {within('sent_at')}",
    }),
    Moved(33, (
        View("the shop's refunds", (0.1, 0.85), """select refunded_at as instant, 1 as amount
            from refunds"""),
        View("the shop", FLAT, ORDERS),
        View("what was paid back", FLAT, """select entry_at as instant, -amount as amount
            from true_ledger where entry_type = 'refund'"""),
    ), {
        "refunds": within("refunded_at"), "order_updates": within("updated_at"),
        "transactions": f"kind = 'REFUND' and {within('moved_at')}",
    }),
    Moved(34, (
        View("orders", (1.1, 1.35), "select ordered_at as instant, 1 as amount from orders"),
        View("orders of the web", FLAT, ORDERS),
        View("money", FLAT, "select ordered_at as instant, total_amount as amount from orders"),
    ), {
        "orders": f"source_name = 'shopify_draft_order' and {within('ordered_at')}",
        "order_updates": f"order_id > 7200000000000 and {within('updated_at')}",
    }),
    Moved(35, (
        View("mediums that are known", (0.3, 0.5), f"{LANDINGS} like '%utm_medium=%'"
             " and landing_page not like '%harbour-partners%' and platform is not null"),
        View("tags", FLAT, f"{LANDINGS} like '%utm_medium=%'"),
    ), {
        "visits": within("visit_at"), "ga4_events": within("event_at"), **SEEN,
        "contacts": f"created_at >= date '{DAY}'", "enquiries": f"asked_at >= date '{DAY}'",
    }, remembered=ORIGINS),
    Moved(36, (
        View("Meta", (1.03, 1.4), claims("platform = 'meta_ads'")),
        View("Google", FLAT, claims("platform = 'google_ads'")),
        View("the shop", FLAT, ORDERS),
    ), claimed("platform = 'meta_ads'")),
)  # fmt: skip

#: Breaks that may happen in one world, as they touch nothing in common: numbers and variants.
WORLDS = (
    ("1", "24", "31", "33", "34"), ("2", "21", "29"), ("3", "30", "35"), ("4", "8", "18"),
    ("4constant", "9", "17"), ("5", "10", "20"), ("6", "19", "32"), ("7", "12", "26"),
    ("22",), ("23", "28"), ("16", "36"), ("11",), ("13",), ("14",), ("15",),
)  # fmt: skip
