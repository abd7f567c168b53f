"""HubSpot CRM v3: contacts, deals with their stage history, and the pipelines.

Fetches: contacts (e-mail hashed at landing, no names or phones) with every form they sent in, deals
with their contacts and every change of stage, amount and currency, archived records, the ids of
records merged away, calls, e-mails, meetings and tasks without a word of them, and pipelines.

Flow: search by last change -> batch read with history, associations -> rows as they stood when
the window ended.

Secrets: access_token (an app installed in one account; scopes crm.objects.contacts.read,
crm.objects.deals.read, crm.schemas.deals.read, and sales-email-read for e-mails).

By hand: `trueup land hubspot`
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trueup.sources import forms
from trueup.sources.contract import Access, AccountId, Option, Page, Source, Stream, select
from trueup.sources.hubspot.kinds import NAMED
from trueup.sources.hubspot.streams import API_VERSION, STREAMS
from trueup.window import Window


def extract(access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    """Records as they stood when `window` ended, of those changed in it or since."""
    from trueup.sources.hubspot import rows
    from trueup.sources.hubspot.client import Portal

    portal = Portal(access, stream, window)
    portal.check_account()
    return rows.pages(portal, access, stream, window)


def _properties(given: Any) -> Iterator[str]:
    yield from forms.mapping("{form: enquiry_form}")(given)
    for name, renamed in given.items() if isinstance(given, dict) else ():
        if name not in NAMED:
            yield f"{name}: no such column; there are {', '.join(sorted(NAMED))}"
        elif renamed is not None:
            yield from (f"{name}: {why}" for why in forms.text("a property's name")(renamed))


_STAGES = forms.texts("stage ids")
SOURCE = Source(
    name="hubspot",
    api_version=API_VERSION,
    streams=STREAMS,
    extract=extract,
    shapes=(
        "leads",
        "deals",
        "deal_stages",
        "activities",
        "touches",
        "settings",
        "set_aside",
    ),
    secrets=("access_token",),
    secrets_of_one_account=("access_token",),
    account_id=AccountId(r"\d+", "the portal's Hub ID, digits alone"),
    customer_sites=("hs-sites.com", "hubspotpagebuilder.com"),
    selectors=select("pipeline:.+", "form:.+"),
    options={
        "page_size": Option(
            "records a search page holds (default and maximum 200)", forms.whole(most=200)
        ),
        "properties": Option(
            "landing column -> this portal's property name; null where it has none", _properties
        ),
        "won_stages": Option(
            "ids of deal stages that mean won, whatever their pipeline says", _STAGES
        ),
        "lost_stages": Option(
            "ids of deal stages that mean lost, whatever their pipeline says", _STAGES
        ),
        "open_stages": Option(
            "ids of deal stages that mean neither, whatever their pipeline says", _STAGES
        ),
    },
)
