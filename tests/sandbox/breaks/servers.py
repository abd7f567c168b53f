"""Breaks of the events that a server sends, and of uploads: kinds 8 to 10 and 32."""

from __future__ import annotations

from sandbox.breaks.case import LEVELS, Break, Case
from sandbox.world.containers import SERVER, field, server
from sandbox.world.tags import put

#: Of orders the platform knows of, those that browser and server both tell it of.
BOTH = LEVELS.meta_server_share


def dedup_broken(case: Case) -> Break:
    """The server makes ids of its own: what browser and server both tell counts twice."""
    changes = case.more("server_id_changed_share", destination="meta") + case.only(
        lambda: case.set("doubled_claim_share", BOTH * case.strength, platform="meta_ads")
    )
    deeds = _server_sends(case, "{{Random UUID}}")
    return Break(8, "dedup_broken", case.day, case.until, changes, deeds)


def id_reused(case: Case) -> Break:
    """Several orders have one id: the platform takes them for one."""
    changes = case.more("server_id_reused_share", destination="meta") + case.only(
        lambda: case.less("claim_reported_share", 0.75, platform="meta_ads", action="purchase")
    )
    deeds = _server_sends(case, "{{Cart id}}")
    return Break(9, "event_id_reused", case.day, case.until, changes, deeds)


def rejected(case: Case) -> Break:
    """The server's token expires: nothing it sends is taken."""
    changes = case.more("server_rejected_share", destination="meta") + case.only(
        lambda: case.less("meta_server_share", platform="meta_ads")
    )
    return Break(10, "server_events_rejected", case.day, case.until, changes)


def upload_failed(case: Case) -> Break:
    """The nightly upload of qualified leads fails, and the server sends Google nothing."""
    changes = case.less("claim_reported_share", platform="google_ads", action="qualified_lead")
    changes += case.only(lambda: case.less("server_up_share", destination="google"))
    return Break(32, "upload_failed", case.day, case.until, changes)


def _server_sends(case: Case, event_id: str) -> tuple:
    """A version of the server's container in which events have another id."""
    kept = server()["tag"][1]["parameter"]
    words = 'tag "Purchases to the ad platform": event id'
    return case.publish(
        "Event ids",
        put("tag", "7", parameter=[*kept, field("eventId", event_id)]),
        put("tag", "7", parameter=kept),
        (("tag", "7", f"{words} none became {event_id}"),),
        (("tag", "7", f"{words} {event_id} became none"),),
        SERVER,
    )
