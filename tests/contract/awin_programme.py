"""What Awin's pages say of its API, as facts that our questions and the sandbox are held to.

There is no client of the vendor's own. Read on 2026-11-27: the list of transactions
(https://help.awin.com/apidocs/returns-a-list-of-transactions-for-a-given-advertiser), the campaign
report (http://wiki.awin.com/index.php/API_get_reports_aggrcampaign_adv), the publisher report
(https://help.awin.com/apidocs/get-publisher-performance-report), publishers
(https://help.awin.com/apidocs/get-publishers-information-for-advertiser), the OpenAPI that others
rendered of those pages (https://github.com/api-evangelist/awin-affiliate), and the types another
reader of the live API met (https://docs.airbyte.com/integrations/sources/awin-advertiser).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from trueup.landing.intake import take_in
from trueup.landing.store import Landing, Load
from trueup.sources.awin import SOURCE
from trueup.sources.contract import Access, Account
from trueup.window import Window

ACCOUNT, TOKEN = "15632", "sandbox-awin-token"
AUGUST = Window(date(2026, 8, 1), date(2026, 9, 1))
SEPTEMBER = Window(date(2026, 9, 1), date(2026, 10, 1))

#: Parameters that a question must have, and those it may have besides.
ASKED: dict[str, tuple[set[str], set[str]]] = {
    "transactions/": (
        {"startDate", "endDate", "timezone"},
        {"dateType", "status", "publisherId", "showBasketProducts"},
    ),
    "reports/publisher": ({"startDate", "endDate"}, {"dateType", "timezone"}),
    "reports/campaign": (
        {"startDate", "endDate"},
        {"timezone", "interval", "campaign", "publisherIds", "includeNumbersWithoutCampaign"},
    ),
    "publishers": (set(), set()),
}
VALUES = {
    "dateType": {"transaction", "validation", "amendment"},
    "interval": {"day", "month", "year"},
    "includeNumbersWithoutCampaign": {"true", "false"},
    "timezone": {
        "Europe/Berlin", "Europe/Paris", "Europe/London", "Europe/Dublin", "Canada/Eastern",
        "Canada/Central", "Canada/Mountain", "Canada/Pacific", "US/Eastern", "US/Central",
        "US/Mountain", "US/Pacific", "UTC",
    },
}  # fmt: skip

_NUMBER, _TEXT, _NONE = (int, float), (str,), (type(None),)
#: Fields of a transaction with the types they were seen in.
TRANSACTION: dict[str, tuple[type, ...]] = {
    "id": (int,), "url": _TEXT + _NONE, "advertiserId": (int,), "publisherId": (int,),
    "commissionSharingPublisherId": (int, *_NONE), "campaign": _TEXT + _NONE, "siteName": _TEXT,
    "commissionStatus": _TEXT, "commissionAmount": (dict,), "saleAmount": (dict,),
    "ipHash": _TEXT + _NONE, "customerCountry": _TEXT + _NONE, "clickRefs": (dict, *_NONE),
    "clickDate": _TEXT + _NONE, "transactionDate": _TEXT, "validationDate": _TEXT + _NONE,
    "type": _TEXT, "declineReason": _TEXT + _NONE, "voucherCodeUsed": (bool,),
    "voucherCode": _TEXT + _NONE, "lapseTime": (int,), "amended": (bool,),
    "amendReason": _TEXT + _NONE, "oldSaleAmount": (dict, *_NONE),
    "oldCommissionAmount": (dict, *_NONE), "orderRef": _TEXT + _NONE,
    "customParameters": (list, *_NONE), "transactionParts": (list,), "paidToPublisher": (bool,),
    "advertiserCost": (dict, *_NONE), "networkFee": (dict, *_NONE),
    "customerAcquisition": _TEXT + _NONE,
}  # fmt: skip
STATUSES = {"pending", "approved", "declined", "deleted"}
#: As the list's own example has it; of a bonus the campaign report and other readers tell.
TYPES = {"Commission group transaction", "Bonus"}
_SUMS = {
    f"{name}{what}": (int,) if what == "No" else _NUMBER
    for name in ("pending", "confirmed", "bonus", "declined")
    for what in ("No", "Value", "Comm")
}
PUBLISHER_REPORT: dict[str, tuple[type, ...]] = {
    "advertiserId": (int,), "publisherId": (int,), "publisherName": _TEXT, "currency": _TEXT,
    "impressions": (int,), "clicks": (int,), **_SUMS,
}  # fmt: skip
CAMPAIGN_REPORT: dict[str, tuple[type, ...]] = {
    "date": _TEXT, "publisherId": _TEXT, "publisherName": _TEXT + _NONE, "campaign": _TEXT,
    "totals": (dict,),
}  # fmt: skip
PUBLISHER: dict[str, tuple[type, ...]] = {
    "id": (int,), "name": _TEXT, "primaryRegion": _TEXT, "salesRegions": (list,),
    "primaryType": _TEXT,
}  # fmt: skip


def check(rows: list[dict[str, Any]], fields: dict[str, tuple[type, ...]]) -> None:
    """Every row has the fields, in the types they were seen in."""
    assert rows
    for row in rows:
        for name, types in fields.items():
            assert isinstance(row[name], types), (name, row[name])
            if bool not in types:
                assert not isinstance(row[name], bool), name


def access_to(url: str, folder: Path) -> Access:
    """The demo programme, at the pace of the sandbox's minute."""
    return Access(
        source="awin",
        base_url=f"{url}/awin",
        accounts=(Account(ACCOUNT, "Europe/London", "EUR"),),
        options={"calls_per_minute": 2000},
        history_start=AUGUST.since,
        reporting_zone="Europe/Lisbon",
        reporting_currency="EUR",
        folder=folder,
        secrets={"access_token": TOKEN},
    )


def land(landing: Landing, access: Access, name: str, window: Window = AUGUST) -> Load:
    stream = SOURCE.stream(name)
    pages = SOURCE.extract(access, stream, window)
    return take_in(
        landing, "awin", stream, window, pages, api_version=SOURCE.api_version, hash_key="k"
    )


def query(landing: Landing, load: Load, sql: str) -> list[tuple[Any, ...]]:
    """`sql` over the view `landed` of the load's rows."""
    con = duckdb.connect()
    files = [landing.path(file.name) for file in load.files]
    con.register("landed", con.read_parquet(files).to_arrow_table())
    return con.execute(sql).fetchall()
