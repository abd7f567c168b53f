"""The matrix: level x source x kind of fault, and what each may cost at most."""

from __future__ import annotations

from datetime import date

from blast import faults as f
from blast.scene import DAY, Cell

BROKEN = (f.BROKEN,)
_GOOGLE = ("account_performance", "campaign_performance")
_META = ("ad_performance", "account_performance")
_HUBSPOT = ("contacts", "deals", "deal_stages", "pipelines")
_SHOPIFY = ("orders", "transactions", "order_days", "disputes", "shop")
_FILES = ("orders", "ad_performance")


def _google(level: str, fault: str, deal, streams=_GOOGLE, **costs) -> Cell:
    return Cell(level, "google_ads", fault, streams, deal, **costs)


def _meta(level: str, fault: str, deal, streams=_META, **costs) -> Cell:
    return Cell(level, "meta_ads", fault, streams, deal, **costs)


def _ga4(level: str, fault: str, deal, **costs) -> Cell:
    return Cell(level, "ga4", fault, ("events",), deal, **costs)


def _hubspot(level: str, fault: str, deal, streams=_HUBSPOT, **costs) -> Cell:
    return Cell(level, "hubspot", fault, streams, deal, **costs)


def _shopify(level: str, fault: str, deal, streams=_SHOPIFY, **costs) -> Cell:
    return Cell(level, "shopify", fault, streams, deal, **costs)


def _rates(level: str, fault: str, deal, **costs) -> Cell:
    return Cell(level, "fx_rates", fault, ("rates",), deal, **costs)


def _files(level: str, fault: str, deal, **costs) -> Cell:
    return Cell(level, "files", fault, _FILES, deal, **costs)


CELLS = (
    # Nothing: what passes by itself, or is unknown but does not last
    _google("nothing", "503 twice", f.ordered("google_ads", "server_error", 2)),
    _google("nothing", "unknown error once",
            f.spoilt("google_ads", f.google("assetMoodError", "ASSET_IS_SAD"), 1)),
    _google("nothing", "answer cut off", f.ordered("google_ads", "truncated", 1)),
    _google("nothing", "page lost once", f.ordered("google_ads", "missing_last_page", 1)),
    _meta("nothing", "throttled twice", f.ordered("meta_ads", "throttle", 2)),
    _meta("nothing", "1/99 once", f.spoilt("meta_ads", f.meta(1, 99), 1)),
    _meta("nothing", "100/33 of a job once", f.meta_as_jobs),
    _meta("nothing", "page lost once", f.ordered("meta_ads", "missing_last_page", 1)),
    _meta("nothing", "all time too much", f.spoilt("meta_ads", f.meta_all_time), ("campaigns",)),
    _ga4("nothing", "backendError twice", f.ordered("ga4", "server_error", 2)),
    _ga4("nothing", "unknown reason once",
         f.spoilt("bigquery", f.instead(418, f.GOOGLE_MOOD, "/data"), 1)),
    _ga4("nothing", "page sent twice once", f.ordered("ga4", "duplicate_page", 1)),
    _ga4("nothing", "table rewritten", f.ordered("ga4", "empty_day", 1)),
    _hubspot("nothing", "502 twice", f.ordered("hubspot", "server_error", 2)),
    _hubspot("nothing", "unknown 4xx once",
             f.spoilt("hubspot", f.instead(409, {"category": "MOOD"}), 1)),
    _hubspot("nothing", "page lost once", f.ordered("hubspot", "missing_last_page", 1)),
    _shopify("nothing", "throttled once", f.ordered("shopify", "throttle", 1)),
    _shopify("nothing", "unknown code once",
             f.spoilt("shopify", f.shopify_error("SOMETHING_NEW"), 1)),
    _shopify("nothing", "page sent twice once", f.ordered("shopify", "duplicate_page", 1)),
    _rates("nothing", "503 twice", f.ordered("fx_rates", "server_error", 2)),
    _rates("nothing", "404 once", f.spoilt("fx_rates", f.instead(404, "No results"), 1)),
    _rates("nothing", "cut off once", f.ordered("fx_rates", "truncated", 1)),
    # A row
    _google("row", "odd value", f.spoilt("google_ads", f.google_odd_row, 1), rows=1, said="cost"),
    _google("row", "key twice, different", f.spoilt("google_ads", f.google_click_twice, 1),
            ("clicks",), changed=1, said="the same customer_id, gclid"),
    _meta("row", "odd value", f.spoilt("meta_ads", f.meta_odd_row, 1), ("ad_performance",),
          rows=1, said="clicks"),
    _meta("row", "key twice, different", f.spoilt("meta_ads", f.meta_row_twice, 1),
          ("ad_performance",), changed=1, said="the same account_id, ad_id"),
    _ga4("row", "NaN", f.spoilt("bigquery", f.ga4_not_a_number, 1), rows=1,
         said="purchase_revenue"),
    _hubspot("row", "odd instant", f.spoilt("hubspot", f.hubspot_odd_contact, 1), ("contacts",),
             rows=1, said="lastmodifieddate is no ISO 8601 instant"),
    _hubspot("row", "batch in part (207)", f.spoilt("hubspot", f.DealGone()), ("deals",),
             rows=1, said="gone"),
    _shopify("row", "odd value", f.spoilt("shopify", f.shopify_odd_order, 1), ("orders",),
             rows=1, said="tip_amount"),
    _shopify("row", "part of an order unread", f.spoilt("shopify", f.OrderInPart(True)),
             ("orders",), changed=1, said="new column unread"),
    _shopify("row", "order not shown", f.spoilt("shopify", f.OrderInPart(False)), ("orders",),
             rows=1, said="INTERNAL_SERVER_ERROR"),
    _rates("row", "odd rate", f.spoilt("fx_rates", f.rate_odd), rows=1, said="units_per_base"),
    _rates("row", "rows twice, the same", f.ordered("fx_rates", "duplicate_page", 9),
           said="the same row as"),
    _files("row", "odd value", f.edited("till.csv", "11.50", "eleven"), rows=1,
           said="amount_local"),
    _files("row", "key twice, different",
           f.edited("till.csv", "till2,2026-09-10,12.50\n",
                    "till2,2026-09-10,12.50\ntill2,2026-09-10,99.00\n"),
           changed=1, said="the same feed, order_id"),
    _files("row", "row twice, the same",
           f.edited("till.csv", "till0,2026-09-08,10.50\n", "till0,2026-09-08,10.50\n" * 2),
           said="the same row as"),
    _files("row", "day outside history", f.edited("till.csv", "2026-09-12", "2025-12-09"), rows=1,
           said="1 outside"),
    # A day
    _google("day", "unknown error for a day", f.spoilt("google_ads", f.google_day), days=BROKEN,
            fails=True, said="2026-09-11 stays open"),
    _meta("day", "a day too much", f.spoilt("meta_ads", f.meta_day), days=BROKEN, fails=True,
          said="2026-09-11 stays open"),
    _ga4("day", "table without a column", f.spoilt("bigquery", f.ga4_day), days=BROKEN, fails=True,
         said="2026-09-11 stays open"),
    _google("day", "no row on a day", f.ordered("google_ads", "empty_day", 1),
            ("campaign_performance",), days=(DAY,), fails=True, said="first 2026-09-14"),
    _ga4("day", "newest table missing", f.ordered("ga4", "missing_table", 99), days=(DAY,),
         said="2026-09-13"),
    _rates("day", "no rate of a currency from a day on",
           f.spoilt("fx_rates", f.rate_ended), rows=2, said="GBP is quoted no longer"),
    _rates("day", "no rate on a day", f.spoilt("fx_rates", f.rates_without_a_day), days=BROKEN,
           fails=True, said="no exchange rate on 2026-09-11"),
    # An account
    _google("account", "not enabled", f.two_google_accounts, account="4711002209", fails=True,
            said="account 4711002209 is not enabled"),
    _meta("account", "unknown object", f.two_meta_accounts, account="act_1", fails=True,
          said="account: act_1"),
    _ga4("account", "no such dataset", f.two_properties, account="2", fails=True,
         said="Not found: Dataset"),
    _hubspot("account", "another portal", f.two_portals, account="13579", fails=True,
             said="expected: portal 13579"),
    _shopify("account", "another shop", f.two_shops, account="another.myshopify.com", fails=True,
             said="another.myshopify.com"),
    _files("account", "a feed's file is gone",
           lambda scene: (scene.folder / "kiosk.csv").unlink(), rows=7, fails=True,
           account="kiosk", said="kiosk"),
    # A stream
    _google("stream", "question rejected",
            f.spoilt("google_ads", f.google("queryError", "UNRECOGNIZED_FIELD", "campaign ")),
            lost_streams=("campaign_performance",), fails=True, said="UNRECOGNIZED_FIELD"),
    _meta("stream", "names refused", f.spoilt("meta_ads", f.meta(200, path="/campaigns")),
          ("campaigns", *_META), lost_streams=("campaigns",), fails=True, said="code 200"),
    _hubspot("stream", "no scope for deals", f.spoilt("hubspot", f.hubspot_forbidden),
             lost_streams=("deals", "deal_stages"), fails=True, said="MISSING_SCOPES"),
    _shopify("stream", "payments denied",
             f.spoilt("shopify", f.shopify_error("ACCESS_DENIED", "transactions {")),
             lost_streams=("transactions",), fails=True, said="denied a field"),
    _files("stream", "select is wrong", f.edited("maps.sql", "from input", "from inputt"),
           lost_streams=("ad_performance",), fails=True, said="maps"),
    # A source
    _google("source", "sign-in refused", f.secret("google_ads_refresh_token"),
            lost_streams=_GOOGLE, fails=True, said="invalid_grant", others=("fx_rates", "files")),
    _meta("source", "token refused", f.secret("meta_ads_access_token"), lost_streams=_META,
          fails=True, said="code 190", others=("fx_rates",)),
    _ga4("source", "denied", f.ordered("ga4", "forbidden", 999), lost_streams=("events",),
         fails=True, said="accessDenied", others=("fx_rates",)),
    _hubspot("source", "token refused", f.secret("hubspot_access_token"), lost_streams=_HUBSPOT,
             fails=True, said="INVALID_AUTHENTICATION", others=("fx_rates",)),
    _shopify("source", "app not installed", f.secret("shopify_client_secret"),
             lost_streams=_SHOPIFY, fails=True, said="gave no token", others=("fx_rates",)),
    _rates("source", "service refuses", f.ordered("fx_rates", "unauthorized", 99),
           lost_streams=("rates",), fails=True, said="HTTP 403", others=("files",)),
    _rates("source", "service silent", f.spoilt("fx_rates", f.rates_silent),
           days=tuple(date(2026, 9, day) for day in (7, 8, 9, 10, 11, 14)),
           said="'rates': '2026-09-04'", others=("files",)),
)  # fmt: skip
