"""What the GA4 property is set to, as the Admin API writes it, and what somebody changes in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

State = dict[str, Any]

PROPERTY, STREAM = "310100200", "2400100200"
#: Made up: neither of them may be seen past the landing.
CREATOR = "rui.media@harbourhouse.example"
CONDITION = "/thank-you?guest=ines.guest@example.com"
_NAME = f"properties/{PROPERTY}"
_SITE = f"{_NAME}/dataStreams/{STREAM}"
_MADE = {"createTime": "2023-02-14T09:12:33.120Z", "updateTime": "2025-11-03T10:00:00.500Z"}


def opening() -> State:
    """Path of a resource, or of a list, -> what Google answers; what is off is left out."""
    return {
        _NAME: {
            "name": _NAME, **_MADE, "parent": "accounts/1001001", "account": "accounts/1001001",
            "displayName": "Harbour House", "industryCategory": "TRAVEL",
            "timeZone": "Europe/Lisbon", "currencyCode": "EUR",
            "serviceLevel": "GOOGLE_ANALYTICS_STANDARD", "propertyType": "PROPERTY_TYPE_ORDINARY",
        },
        f"{_NAME}/dataRetentionSettings": {
            "name": f"{_NAME}/dataRetentionSettings", "eventDataRetention": "FOURTEEN_MONTHS",
            "userDataRetention": "FOURTEEN_MONTHS", "resetUserDataOnNewActivity": True,
        },
        f"{_NAME}/attributionSettings": {
            "name": f"{_NAME}/attributionSettings",
            "acquisitionConversionEventLookbackWindow":
                "ACQUISITION_CONVERSION_EVENT_LOOKBACK_WINDOW_30_DAYS",
            "otherConversionEventLookbackWindow":
                "OTHER_CONVERSION_EVENT_LOOKBACK_WINDOW_90_DAYS",
            "reportingAttributionModel": "PAID_AND_ORGANIC_CHANNELS_DATA_DRIVEN",
            "adsWebConversionDataExportScope": "GOOGLE_PAID_CHANNELS",
        },
        f"{_NAME}/googleSignalsSettings": {
            "name": f"{_NAME}/googleSignalsSettings", "state": "GOOGLE_SIGNALS_ENABLED",
            "consent": "GOOGLE_SIGNALS_CONSENT_CONSENTED",
        },
        f"{_NAME}/reportingIdentitySettings": {
            "name": f"{_NAME}/reportingIdentitySettings", "reportingIdentity": "BLENDED",
        },
        f"{_NAME}/userProvidedDataSettings": {"name": f"{_NAME}/userProvidedDataSettings"},
        f"{_NAME}/keyEvents": [
            _key_event(11, "purchase", "ONCE_PER_EVENT"),
            _key_event(12, "generate_lead", "ONCE_PER_EVENT", custom=True,
                       defaultValue={"numericValue": 60, "currencyCode": "EUR"}),
            _key_event(13, "newsletter", "ONCE_PER_SESSION", custom=True),
        ],
        f"{_NAME}/dataStreams": [{
            "name": _SITE, **_MADE, "type": "WEB_DATA_STREAM", "displayName": "Site",
            "webStreamData": {"measurementId": "G-HRBHS2026",
                              "defaultUri": "https://www.harbourhouse.example"},
        }],
        f"{_SITE}/enhancedMeasurementSettings": {
            "name": f"{_SITE}/enhancedMeasurementSettings", "streamEnabled": True,
            "scrollsEnabled": True, "outboundClicksEnabled": True, "siteSearchEnabled": True,
            "fileDownloadsEnabled": True, "pageChangesEnabled": True,
            "searchQueryParameter": "q,s,search,query,keyword",
        },
        f"{_SITE}/dataRedactionSettings": {
            "name": f"{_SITE}/dataRedactionSettings", "emailRedactionEnabled": True,
        },
        f"{_SITE}/eventCreateRules": [{
            "name": f"{_SITE}/eventCreateRules/71", "destinationEvent": "generate_lead",
            "eventConditions": [{"field": "event_name", "comparisonType": "EQUALS",
                                 "value": "page_view"},
                                {"field": "page_location", "comparisonType": "CONTAINS",
                                 "value": CONDITION}],
            "sourceCopyParameters": True,
        }],
        f"{_SITE}/eventEditRules": [],
        f"{_NAME}/googleAdsLinks": [{
            "name": f"{_NAME}/googleAdsLinks/9", **_MADE, "customerId": "4711002200",
            "adsPersonalizationEnabled": True, "creatorEmailAddress": CREATOR,
        }],
        f"{_NAME}/bigQueryLinks": [{
            "name": f"{_NAME}/bigQueryLinks/q1", "createTime": _MADE["createTime"],
            "project": "projects/401122334455", "dailyExportEnabled": True,
            "streamingExportEnabled": True, "datasetLocation": "EU",
            "exportStreams": [_SITE], "excludedEvents": ["scroll"],
        }],
    }  # fmt: skip


def _key_event(number: int, event: str, method: str, **more: Any) -> State:
    return {"name": f"{_NAME}/keyEvents/{number}", "eventName": event, "countingMethod": method,
            "createTime": _MADE["createTime"], "deletable": True, **more}  # fmt: skip


def _set(path: str, **values: Any) -> Callable[[State], None]:
    return lambda state: state[path].update(values)


def _window(state: State) -> None:
    _set(f"{_NAME}/attributionSettings",
         otherConversionEventLookbackWindow="OTHER_CONVERSION_EVENT_LOOKBACK_WINDOW_30_DAYS",
         reportingAttributionModel="PAID_AND_ORGANIC_CHANNELS_LAST_CLICK")(state)  # fmt: skip


def _no_leads(state: State) -> None:
    kept = state[f"{_NAME}/keyEvents"]
    state[f"{_NAME}/keyEvents"] = [one for one in kept if one["eventName"] != "generate_lead"]


def _leads_again(state: State) -> None:
    state[f"{_NAME}/keyEvents"].append(_key_event(14, "generate_lead", "ONCE_PER_SESSION"))


def _touched(state: State) -> None:
    """Google writes down anew when it was touched, and lists in another order."""
    state[_NAME]["updateTime"] = "2026-10-01T00:00:00Z"
    state[f"{_NAME}/keyEvents"].reverse()


def _excluded(state: State) -> None:
    state[f"{_NAME}/bigQueryLinks"][0]["excludedEvents"] = ["view_item", "scroll"]


#: When, how, and in words: kind and id of the object, and the change.
CHANGES = (
    (datetime(2026, 9, 18, 14, 2), _window, (
        ("account", PROPERTY, 'account "Harbour House": other window 90 became 30'),
        ("account", PROPERTY, 'account "Harbour House": attribution model'
         " paid_and_organic_channels_data_driven became paid_and_organic_channels_last_click"))),
    (datetime(2026, 9, 23, 11, 20), _no_leads, (
        ("key event", "generate_lead", 'key event "generate_lead" was removed'),)),
    (datetime(2026, 9, 24, 8, 0), _touched, ()),
    (datetime(2026, 10, 2, 9, 45), _leads_again, (
        ("key event", "generate_lead", 'key event "generate_lead" was added'),)),
    (datetime(2026, 10, 9, 16, 30), _set(f"{_NAME}/dataRetentionSettings",
                                         eventDataRetention="TWO_MONTHS"), (
        ("account", PROPERTY,
         'account "Harbour House": event data retention fourteen_months became two_months'),)),
    (datetime(2026, 10, 14, 10, 5), _excluded, (
        ("export link", "q1", 'export link "401122334455": excluded events scroll became'
         " scroll, view_item"),)),
)  # fmt: skip
