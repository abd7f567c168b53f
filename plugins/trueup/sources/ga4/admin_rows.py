"""What a property is set to as rows, one per object and setting; equal settings give equal rows.

Google leaves out what is off, so every setting that is read has a row, whatever was said of it.
What moves by itself (when something was made or last touched) is no setting.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from trueup import redaction
from trueup.sources import zones
from trueup.sources.contract import Account, Page, SetAside

if TYPE_CHECKING:
    from trueup.sources.ga4.admin import Answers

Found = dict[str, Any]
#: A field, by its dotted path, as a text; None where it is not known.
Reader = Callable[[Any], str | None]
Row = dict[str, Any]

_LONGEST_NAME = 200
#: Where a text is code or may name a person, its digest stands for it.
HIDDEN = "hidden "


def _name(value: Any) -> str | None:
    text = redaction.clean(str(value)).strip() if isinstance(value, str | int) else ""
    return text[:_LONGEST_NAME] or None


def _switch(value: Any) -> str:
    return "true" if value is True else "false"


def _word(value: Any) -> str | None:
    """One of Google's words; what it does not specify is not known."""
    text = str(value or "")
    return None if not text or text.endswith("UNSPECIFIED") else text.lower()


def _days(value: Any) -> str | None:
    found = re.search(r"_(\d+)_DAYS$", str(value or ""))
    return found and found[1]


def _plain(value: Any) -> str:
    return _name(value) or "none"


def _is_there(value: Any) -> str:
    return _switch(bool(value))


def _site(value: Any) -> str:
    """An address without what may follow its path."""
    parts = urlsplit(str(value or ""))
    return f"{parts.scheme}://{parts.hostname}{parts.path}" if parts.hostname else "none"


def _number(value: Any) -> str:
    try:
        return f"{Decimal(str(value)).normalize():f}"
    except InvalidOperation:
        return "none"


def _set(value: Any) -> str:
    """A list whose order says nothing."""
    found = sorted(map(str, value)) if isinstance(value, list) else []
    return redaction.clean(", ".join(one.rpartition("/")[2] for one in found)) or "none"


def _hidden(value: Any) -> str:
    if value in (None, "", [], {}):
        return "none"
    listed = value if isinstance(value, list) else [value]
    parts = sorted(json.dumps(one, sort_keys=True) for one in listed)
    return HIDDEN + hashlib.sha256("\n".join(parts).encode()).hexdigest()


#: Resource -> field -> the setting's name, and how it is read.
FIELDS: dict[str, dict[str, tuple[str, Reader]]] = {
    "property": {
        "displayName": ("name", _name), "timeZone": ("time_zone", _name),
        "currencyCode": ("currency_code", _name), "parent": ("parent", _plain),
        "industryCategory": ("industry", _word), "serviceLevel": ("service_level", _word),
        "propertyType": ("property_type", _word), "deleteTime": ("in_trash", _is_there),
    },
    "dataRetentionSettings": {
        "eventDataRetention": ("event_data_retention", _word),
        "userDataRetention": ("user_data_retention", _word),
        "resetUserDataOnNewActivity": ("reset_user_data_on_new_activity", _switch),
    },
    "attributionSettings": {
        "reportingAttributionModel": ("attribution_model", _word),
        "acquisitionConversionEventLookbackWindow": ("acquisition_window_days", _days),
        "otherConversionEventLookbackWindow": ("other_window_days", _days),
        "adsWebConversionDataExportScope": ("ads_export_scope", _word),
    },
    "googleSignalsSettings": {"state": ("google_signals", _word)},
    "reportingIdentitySettings": {"reportingIdentity": ("reporting_identity", _word)},
    "userProvidedDataSettings": {
        "userProvidedDataCollectionEnabled": ("user_provided_data", _switch),
        "automaticallyDetectedDataCollectionEnabled": ("detected_user_data", _switch),
    },
    "keyEvents": {
        "countingMethod": ("counting_method", _word),
        "defaultValue.numericValue": ("default_value", _number),
        "defaultValue.currencyCode": ("default_currency", _plain),
    },
    "dataStreams": {
        "displayName": ("name", _name), "type": ("type", _word),
        "webStreamData.measurementId": ("measurement_id", _plain),
        "webStreamData.defaultUri": ("site", _site),
        "androidAppStreamData.packageName": ("package", _plain),
        "iosAppStreamData.bundleId": ("bundle", _plain),
    },
    "enhancedMeasurementSettings": {
        "streamEnabled": ("enhanced_measurement", _switch),
        "pageChangesEnabled": ("page_changes", _switch), "scrollsEnabled": ("scrolls", _switch),
        "outboundClicksEnabled": ("outbound_clicks", _switch),
        "siteSearchEnabled": ("site_search", _switch),
        "searchQueryParameter": ("search_parameters", _plain),
        "uriQueryParameter": ("search_categories", _plain),
        "videoEngagementEnabled": ("video_engagement", _switch),
        "fileDownloadsEnabled": ("file_downloads", _switch),
        "formInteractionsEnabled": ("form_interactions", _switch),
    },
    "dataRedactionSettings": {
        "emailRedactionEnabled": ("redacts_email", _switch),
        "queryParameterRedactionEnabled": ("redacts_query_parameters", _switch),
        "queryParameterKeys": ("redacted_query_parameters", _set),
    },
    "eventCreateRules": {
        "destinationEvent": ("event", _plain), "eventConditions": ("conditions", _hidden),
        "parameterMutations": ("changed_parameters", _hidden),
        "sourceCopyParameters": ("copies_parameters", _switch),
    },
    "eventEditRules": {
        "displayName": ("name", _name), "eventConditions": ("conditions", _hidden),
        "parameterMutations": ("changed_parameters", _hidden),
    },
    "googleAdsLinks": {
        "customerId": ("linked_account", _plain),
        "adsPersonalizationEnabled": ("ads_personalization", _switch),
    },
    "bigQueryLinks": {
        "project": ("project", _plain), "dailyExportEnabled": ("daily_export", _switch),
        "streamingExportEnabled": ("streaming_export", _switch),
        "freshDailyExportEnabled": ("fresh_daily_export", _switch),
        "includeAdvertisingId": ("advertising_ids", _switch),
        "exportStreams": ("exported_streams", _set), "excludedEvents": ("excluded_events", _set),
    },
}  # fmt: skip
#: List -> what one of it is called, the field of its id, and the field of its name.
KINDS = {
    "keyEvents": ("key event", "eventName", "eventName"),
    "dataStreams": ("data stream", "name", "displayName"),
    "googleAdsLinks": ("ads link", "customerId", ""),
    "bigQueryLinks": ("export link", "name", "project"),
    "eventCreateRules": ("event rule", "name", "destinationEvent"),
    "eventEditRules": ("event edit", "name", "displayName"),
}


def pages(answers: Answers, account: Account) -> Iterator[Page]:
    """One page with every row, and what cannot be one or was refused."""
    rows: list[Row] = list(_of_property(answers, account))
    for path, listed in answers.listed.items():
        kind, id_field, name_field = KINDS[path.rpartition("/")[2]]
        for one in listed:
            object_id = str(one.get(id_field) or "").rpartition("/")[2]
            if not object_id:
                found = f"a {kind} of property {account.id}"
                yield SetAside(found, f"a {kind} without an id", found)
                continue
            name = _name(one.get(name_field)) if name_field else None
            settings = read(path.rpartition("/")[2], one)
            if kind == "data stream" and one.get("type") == "WEB_DATA_STREAM":
                settings |= _of_stream(answers, str(one["name"]))
            rows += _rows(account, kind, object_id, name, settings, one.get("creatorEmailAddress"))
    for path, error in answers.refused.items():
        yield SetAside(path, f"{path.rpartition('/')[2]} may not be read", str(error.got))
    yield rows


def _of_property(answers: Answers, account: Account) -> list[Row]:
    settings = read("property", answers.property)
    if zones.have_same_days(settings["time_zone"], account.time_zone):
        settings["time_zone"] = account.time_zone
    for path, found in answers.one.items():
        if "/dataStreams/" not in path:
            settings |= read(path.rpartition("/")[2], found)
    name = _name(answers.property.get("displayName"))
    return _rows(account, "property", account.id, name, settings)


def _of_stream(answers: Answers, path: str) -> dict[str, str | None]:
    return {
        setting: value
        for one, found in answers.one.items()
        if one.startswith(f"{path}/")
        for setting, value in read(one.rpartition("/")[2], found).items()
    }


def read(resource: str, found: Mapping[str, Any] | None) -> dict[str, str | None]:
    """Each setting of the resource; all of them null where it is not known."""
    return {
        setting: None if found is None else reader(_at(found, path))
        for path, (setting, reader) in FIELDS[resource].items()
    }


def _at(found: Any, path: str) -> Any:
    for key in path.split("."):
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _rows(
    account: Account, kind: str, object_id: str, name: str | None,
    settings: Mapping[str, str | None], creator: Any = None,
) -> list[Row]:  # fmt: skip
    """Who made a link is known of its making alone: of the one setting that stays as it was."""
    rows = []
    for setting, value in settings.items():
        is_hidden = value is not None and value.startswith(HIDDEN)
        rows.append(
            {
                "property_id": account.id,
                "object_type": kind,
                "object_id": object_id,
                "object_name": name,
                "setting": setting,
                "value": None if is_hidden else value,
                "hidden_value": value.removeprefix(HIDDEN) if value and is_hidden else None,
                "creator_email": creator if setting == "linked_account" else None,
            }
        )
    return rows
