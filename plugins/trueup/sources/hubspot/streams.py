"""What lands from HubSpot, and which of its properties each column is read from."""

from __future__ import annotations

from trueup.sources.contract import Column, Stream

API_VERSION = "crm/v3"

#: The search index lags behind the records by minutes to hours: every run searches the two days
#: before its own once more.
RESTATE_DAYS = 2
#: A merge makes a new record. The old ones are found no more; only this list, parted by
#: semicolons, says that they are the new one now, with those of earlier merges.
MERGED_IDS = Column("merged_ids")

#: Ids are a portal's own. Those of pipelines and stages are too, but goals select by them.
IDS = ("contact_id", "contact_ids", "deal_id", "activity_id", "merged_ids")

#: What a contact came by, and when the last of it was written.
ORIGIN = (
    Column("google_click_id"),
    Column("facebook_click_id"),
    Column("utm_source"),
    Column("utm_medium"),
    Column("utm_campaign"),
    Column("clicked_at", "TIMESTAMPTZ"),
)

CONTACTS = Stream(
    name="contacts",
    shape="leads",
    columns=(
        Column("contact_id", required=True),
        Column("email", pii="email"),
        Column("created_at", "TIMESTAMPTZ", required=True),
        Column("modified_at", "TIMESTAMPTZ", required=True),
        Column("lifecycle_stage"),
        Column("asked_at", "TIMESTAMPTZ"),
        Column("form"),
        *ORIGIN,
        MERGED_IDS,
        Column("is_archived", "BOOLEAN", required=True),
    ),
    key=("contact_id",),
    kind="changes",
    ids_of_account=IDS,
    cursor="modified_at",
    restate_days=RESTATE_DAYS,
)

#: Every form a contact sent in after its first.
SUBMISSIONS = Stream(
    name="submissions",
    shape="leads",
    columns=(
        Column("contact_id", required=True),
        Column("asked_at", "TIMESTAMPTZ", required=True),
        Column("form"),
        *ORIGIN,
        Column("is_repeat", "BOOLEAN", required=True),
        Column("modified_at", "TIMESTAMPTZ", required=True),
    ),
    key=("contact_id", "asked_at"),
    kind="changes",
    ids_of_account=IDS,
    cursor="modified_at",
    restate_days=RESTATE_DAYS,
    empty_ok=True,
)

DEALS = Stream(
    name="deals",
    shape="deals",
    columns=(
        Column("deal_id", required=True),
        Column("contact_id"),
        Column("contact_ids"),
        Column("pipeline", required=True),
        Column("stage", required=True),
        Column("amount", "DECIMAL(18,6)"),
        Column("currency_code", required=True),
        Column("created_at", "TIMESTAMPTZ", required=True),
        Column("modified_at", "TIMESTAMPTZ", required=True),
        Column("is_closed", "BOOLEAN"),
        Column("is_won", "BOOLEAN"),
        Column("closed_at", "TIMESTAMPTZ"),
        MERGED_IDS,
        Column("is_archived", "BOOLEAN", required=True),
    ),
    key=("deal_id",),
    kind="changes",
    ids_of_account=IDS,
    cursor="modified_at",
    restate_days=RESTATE_DAYS,
    money="amount",
)

#: Every moment a deal changed its stage, amount or currency.
DEAL_STAGES = Stream(
    name="deal_stages",
    shape="deal_stages",
    columns=(
        Column("deal_id", required=True),
        Column("pipeline"),
        Column("stage", required=True),
        Column("entered_at", "TIMESTAMPTZ", required=True),
        Column("amount", "DECIMAL(18,6)"),
        Column("currency_code"),
        Column("closed_at", "TIMESTAMPTZ"),
        Column("written_by"),
        Column("modified_at", "TIMESTAMPTZ", required=True),
    ),
    key=("deal_id", "stage", "entered_at"),
    kind="changes",
    ids_of_account=IDS,
    cursor="modified_at",
    restate_days=RESTATE_DAYS,
)

#: What people did about an enquiry, without a word of what was said.
ACTIVITIES = Stream(
    name="activities",
    shape="activities",
    columns=(
        Column("activity_id", required=True),
        Column("kind", required=True),
        Column("happened_at", "TIMESTAMPTZ"),
        Column("completed_at", "TIMESTAMPTZ"),
        Column("direction"),
        Column("status"),
        Column("contact_id"),
        Column("created_at", "TIMESTAMPTZ", required=True),
        Column("modified_at", "TIMESTAMPTZ", required=True),
        Column("is_archived", "BOOLEAN", required=True),
    ),
    key=("kind", "activity_id"),
    kind="changes",
    ids_of_account=IDS,
    cursor="modified_at",
    restate_days=RESTATE_DAYS,
    empty_ok=True,
)

PIPELINES = Stream(
    name="pipelines",
    shape="settings",
    columns=(
        Column("pipeline", required=True),
        Column("stage", required=True),
        Column("is_closed", "BOOLEAN"),
        Column("win_probability", "DECIMAL(9,4)"),
        Column("pipeline_name"),
        Column("stage_name"),
        Column("stage_order", "BIGINT"),
    ),
    key=("pipeline", "stage"),
    kind="snapshot",
    history=True,
)

STREAMS = (CONTACTS, SUBMISSIONS, DEALS, DEAL_STAGES, ACTIVITIES, PIPELINES)
