"""Tag Manager API v2: what a container's live version holds, object by object, setting by setting.

What it fetches: stream `settings`, one row per object and setting of the version that is live:
    tags, triggers, variables, consent settings, built-in variables, folders, templates, clients,
    transformations, zones, Google tag configurations; the container itself and its environments.
    Workspaces are not read: what is not published changes nothing on the site.
Flow: lookup by public id -> environments (which name the live version) -> versions:live -> its
    header, whose counts must be those of the version -> rows. Times and authors of versions are
    not to be had; a change is dated by the run that saw it first.
Secrets: `service_account`, the JSON text of a Google service-account key whose address is a user
    of the container (Read is enough). Values that may hold a secret, code or a person land as a
    keyed hash alone.
By hand: `trueup land gtm`.
"""

from __future__ import annotations

from collections.abc import Iterator

from trueup.sources import forms, google_keys
from trueup.sources.contract import Access, AccountId, Option, Page, Source, Stream
from trueup.sources.gtm.streams import API_VERSION, SETTINGS
from trueup.window import Window


def extract(access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    """The settings of the container as it is live now, whatever day is asked for."""
    from trueup.sources import pieces
    from trueup.sources.gtm import client, rows

    container = client.Container(access, stream, window)
    yield from rows.pages(pieces.once_more(lambda one: one.live(), container), access.account.id)


SOURCE = Source(
    name="gtm",
    api_version=API_VERSION,
    streams=(SETTINGS,),
    extract=extract,
    shapes=("settings",),
    secrets=("service_account",),
    account_id=AccountId(r"GTM-[A-Z0-9]{4,}", "the container's public id, GTM-..."),
    secret_problems=google_keys.secret_problems,
    options={
        "seconds_between_requests": Option(
            "the pause before each request; Google takes one in four seconds of a whole Google"
            " Cloud project (default 4)",
            forms.number(0, 100),
        ),
    },
)
