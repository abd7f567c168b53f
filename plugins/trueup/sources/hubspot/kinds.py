"""Types of HubSpot records: the property behind each column, and those whose past is asked for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One type of record.

    `cursor` is the property searches go by, `born` the one that says when it was made; `properties`
    is the property per column. `history` are the columns that can be taken back to an earlier
    moment. Those of a kind with a `life` are asked for of every record, because what it went
    through counts; of the others only where a record changed after the window.
    """

    name: str
    cursor: str
    properties: dict[str, str]
    history: tuple[str, ...]
    born: str = "createdate"
    has_life: bool = True


#: What a contact came by: each is written by the visit or the form that brought it.
ORIGIN = (
    "google_click_id",
    "facebook_click_id",
    "utm_source",
    "utm_medium",
    "utm_campaign",
)
CONTACTS = Kind(
    name="contacts",
    cursor="lastmodifieddate",
    properties={
        "email": "email",
        "lifecycle_stage": "lifecyclestage",
        "form": "enquiry_form",
        "google_click_id": "hs_google_click_id",
        "facebook_click_id": "hs_facebook_click_id",
        "utm_source": "utm_source",
        "utm_medium": "utm_medium",
        "utm_campaign": "utm_campaign",
        "converted_at": "recent_conversion_date",
        "conversion": "recent_conversion_event_name",
        "merged_ids": "hs_merged_object_ids",
    },
    history=("lifecycle_stage", "form", *ORIGIN, "converted_at", "conversion"),
)
DEALS = Kind(
    name="deals",
    cursor="hs_lastmodifieddate",
    properties={
        "pipeline": "pipeline",
        "stage": "dealstage",
        "amount": "amount",
        "currency_code": "deal_currency_code",
        "is_closed": "hs_is_closed",
        "is_won": "hs_is_closed_won",
        "closed_at": "closedate",
        "merged_ids": "hs_merged_object_ids",
    },
    history=("pipeline", "stage", "amount", "currency_code", "is_closed", "is_won", "closed_at"),
)


def _activity(name: str, **properties: str) -> Kind:
    """A kind of activity, without a word of what was said and to whom."""
    return Kind(
        name=name,
        cursor="hs_lastmodifieddate",
        born="hs_createdate",
        properties={"happened_at": "hs_timestamp", **properties},
        history=("happened_at", *(name for name in properties if name != "direction")),
        has_life=False,
    )


#: What answers an enquiry.
ACTIVITIES = (
    _activity("calls", direction="hs_call_direction", status="hs_call_status"),
    _activity("emails", direction="hs_email_direction", status="hs_email_status"),
    _activity("meetings", status="hs_meeting_outcome"),
    _activity("tasks", status="hs_task_status", completed_at="hs_task_completion_date"),
)
#: Names the company file may give this portal's own properties for.
NAMED = CONTACTS.properties.keys() | DEALS.properties.keys()
