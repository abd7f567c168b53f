"""Which kinds of breaks there are, by their numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.breaks import claims, events, records, servers, visits
from sandbox.breaks.case import Break, Case


@dataclass(frozen=True)
class Kind:
    """`variants` are other ways in which the same family shows."""

    number: int
    family: str
    make: Callable[[Case], Break]
    variants: tuple[tuple[str, Callable[[Case], Break]], ...] = ()


KINDS = {
    kind.number: kind
    for kind in (
        Kind(1, "purchase_tag_dead", events.tag_dead),
        Kind(2, "tag_partial", events.tag_partial),
        Kind(3, "double_firing", events.double_firing),
        Kind(4, "transaction_id_missing", events.id_missing, (("constant", events.id_constant),)),
        Kind(5, "currency_wrong", events.currency_wrong),
        Kind(6, "value_scaled", events.value_scaled),
        Kind(7, "value_missing", events.value_missing),
        Kind(8, "dedup_broken", servers.dedup_broken),
        Kind(9, "event_id_reused", servers.id_reused),
        Kind(10, "server_events_rejected", servers.rejected),
        Kind(11, "consent_changed", visits.consent_changed),
        Kind(12, "modelling_changed", claims.modelling_changed),
        Kind(13, "query_string_dropped", visits.query_dropped),
        Kind(14, "click_ids_stripped", visits.ids_stripped),
        Kind(15, "auto_tagging_off", visits.auto_tagging_off),
        Kind(16, "utm_renamed", visits.utm_renamed),
        Kind(17, "self_referral", visits.self_referral),
        Kind(18, "payment_referral", visits.payment_referral),
        Kind(19, "unassigned_surge", visits.unassigned),
        Kind(20, "bot_traffic", visits.bots),
        Kind(21, "conversion_action_duplicated", claims.action_duplicated),
        Kind(22, "attribution_setting_changed", claims.attribution_changed),
        Kind(23, "window_removed", claims.window_removed),
        Kind(24, "history_restated", records.history_restated),
        Kind(25, "load_partial", records.load_partial),
        Kind(26, "data_late", records.data_late),
        Kind(27, "load_duplicated", records.load_duplicated),
        Kind(28, "time_zone_changed", records.zone_changed),
        Kind(29, "crm_stopped", records.crm_stopped),
        Kind(30, "form_field_renamed", records.field_renamed),
        Kind(31, "stage_mapping_changed", records.stages_changed),
        Kind(32, "upload_failed", servers.upload_failed),
        Kind(33, "refunds_missing", records.refunds_missing),
        Kind(34, "test_orders", records.drafts_made),
        Kind(35, "channel_unmapped", records.channel_unmapped),
        Kind(36, "claims_drift", claims.claims_drift),
    )
}


def make(number: int, case: Case, variant: str = "") -> Break:
    """The break of a kind; KeyError where there is no such kind or variant, ValueError where its
    segment is one that it does not touch."""
    kind = KINDS[number]
    made = (dict(kind.variants)[variant] if variant else kind.make)(case)
    if not made.changes and not made.orders:
        raise ValueError(f"{kind.family} moves nothing in {dict(case.segment)}")
    return made
