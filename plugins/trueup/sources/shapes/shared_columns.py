"""Columns that many shapes have, each written down once."""

from __future__ import annotations

from trueup.sources.shapes.column_types import DATE, SUM, TEXT, WHOLE
from trueup.sources.shapes.declaration import ShapeColumn as Column

#: In front of every shape: where the row comes from.
ORIGIN = (
    Column("source", TEXT, "the system the row comes from", True),
    Column("stream", TEXT, "the stream of that system", True),
)
#: At the end of every shape: how the row is accounted for.
PROVENANCE = (
    Column("_rows", WHOLE, "rows of the stream this one stands for; 0 where another does", True),
    Column("_day", DATE, "the day the stream counts the row on", True),
    Column("_load_id", TEXT, "the load it was landed with", True),
)

PLATFORM = Column("platform", TEXT, "the ad platform, such as listing_sites")
ACCOUNT = Column("account_id", TEXT, "the platform's account; null where it is not known")
CAMPAIGN = Column("campaign_id", TEXT, "the platform's campaign id, or its name where it has none")
AD = (
    Column("ad_group_id", TEXT, "ad group or ad set"),
    Column("ad_id", TEXT, "the ad"),
)
CURRENCY = Column("currency_code", TEXT, "ISO 4217 code of the amounts beside it")
TRAFFIC = (
    Column("impressions", WHOLE, "times an ad was shown"),
    Column("clicks", WHOLE, "clicks on it"),
    Column("spend_amount_local", SUM, "what it cost, in `currency_code`", True),
)
#: What a record says of where the person came from.
ORIGIN_OF_VISIT = (
    Column("click_id", TEXT, "the ad platform's id of the click that led to it"),
    Column("click_id_kind", TEXT, "the link parameter the click id came in, such as gclid"),
    Column("utm_source", TEXT, "source named in the link, in lower case"),
    Column("utm_medium", TEXT, "medium named in the link, in lower case"),
    Column("utm_campaign", TEXT, "campaign named in the link"),
    Column("referrer", TEXT, "the page before the visit"),
    Column("landing_page", TEXT, "the first page of the visit, with its query"),
    Column("platform", TEXT, "the ad platform, where the record itself names it"),
    Column("ad_account_id", TEXT, "the platform's account, where the record names it"),
    Column("campaign_id", TEXT, "the campaign, where the record itself names it"),
)
PERSON = Column("customer_key", TEXT, "keyed hash of who it was; joins orders, leads and touches")
RECORD = Column("record_id", TEXT, "the record's id, unique within the source", True)
GOAL = (
    Column("selector", TEXT, "what goal mappings of the company file call it"),
    Column("goal", TEXT, "the goal, where the record itself names it"),
)
SHOP = Column("account_id", TEXT, "the shop, portal, property or feed it comes from")
