"""People who asked, the sales that came of it, and what was done about them."""

from __future__ import annotations

from trueup.sources.shapes.column_types import DECIMAL, INSTANT, TEXT, TRUTH
from trueup.sources.shapes.declaration import Shape
from trueup.sources.shapes.declaration import ShapeColumn as Column
from trueup.sources.shapes.shared_columns import (
    CURRENCY,
    GOAL,
    ORIGIN_OF_VISIT,
    PERSON,
    RECORD,
    SHOP,
)

LEADS = Shape(
    "leads",
    "People who asked: forms, calls, enquiries.",
    ("record_id",),
    (
        SHOP,
        RECORD,
        Column("journey_key", TEXT, "the person's record that leads and deals share"),
        Column("created_at", INSTANT, "when they asked", True),
        Column("is_time_known", TRUTH, "false where only the day is known", True),
        *GOAL,
        PERSON,
        *ORIGIN_OF_VISIT,
    ),
    is_ledger=True,
)

DEALS = Shape(
    "deals",
    "Sales a person makes, with what is known of them now.",
    ("record_id",),
    (
        SHOP,
        RECORD,
        Column("journey_key", TEXT, "the record of the person behind it, shared with leads"),
        Column("created_at", INSTANT, "when it was entered", True),
        Column("is_time_known", TRUTH, "false where only the day is known", True),
        Column("amount_local", DECIMAL, "what it is worth; null where nobody says"),
        CURRENCY,
        *GOAL,
        PERSON,
        Column("deleted_at", INSTANT, "when it was deleted; null where it stands"),
    ),
    money="amount_local",
    is_ledger=True,
)

DEAL_STAGES = Shape(
    "deal_stages",
    "Every time a deal changed its stage or its worth, and how it stood from then on.",
    ("deal_record_id", "stage", "entered_at"),
    (
        Column("deal_record_id", TEXT, "the deal", True),
        Column("stage", TEXT, "the stage's id", True),
        Column("entered_at", INSTANT, "when", True),
        Column("amount_local", DECIMAL, "the deal's amount from then on"),
        Column("currency_code", TEXT, "its currency from then on; null: the deal's"),
        Column(
            "outcome",
            TEXT,
            "`won`, `lost` or `open`; null where the source cannot tell. "
            "The company file's word comes first",
        ),
    ),
    money="amount_local",
    is_ledger=True,
)

ACTIVITIES = Shape(
    "activities",
    "What people did about an enquiry: calls, e-mails, meetings, tasks.",
    ("record_id",),
    (
        SHOP,
        RECORD,
        Column("journey_key", TEXT, "the person's record that leads and deals share"),
        Column("kind", TEXT, "`call`, `email`, `meeting` or `task`", True),
        Column("happened_at", INSTANT, "when; null where nobody says"),
        Column("is_outbound", TRUTH, "whether the company reached out; null: not known"),
        Column("is_done", TRUTH, "false where it is only planned; null: not known"),
    ),
    is_witness=True,
)
