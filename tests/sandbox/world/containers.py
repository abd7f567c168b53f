"""What is in Harbour House's two tag containers when the story opens, as Tag Manager writes it."""

from __future__ import annotations

from typing import Any

Content = dict[str, list[dict[str, Any]]]

WEB, SERVER = "GTM-HRBHS01", "GTM-HRBSRV1"
#: public id -> name, context, account, container, and the version that is live at first.
CONTAINERS = {
    WEB: ("harbourhouse.example", "web", "6004711001", "181100201", 41),
    SERVER: ("tags.harbourhouse.example", "server", "6004711001", "181100202", 6),
}
ALL_PAGES = "2147479553"
#: Made up, as a careless colleague leaves them: none may be seen past the landing.
API_SECRET = "k3Yt-9sQx_Lw27TnB4pZ1g"
ADDRESS = "ines.marketing@harbourhouse.example"


def field(key: str, value: Any, kind: str = "template") -> dict[str, Any]:
    return {"type": kind, "key": key, "value": value}


def listed(key: str, *values: dict[str, Any]) -> dict[str, Any]:
    return {"type": "list", "key": key, "list": list(values)}


def mapped(**entries: str) -> dict[str, Any]:
    return {"type": "map", "map": [field(key, value) for key, value in entries.items()]}


def consent(status: str, *types: str) -> dict[str, Any]:
    """`consentSettings`; Google writes the types as a field within a field."""
    if not types:
        return {"consentStatus": status}
    inner = {"type": "list", "list": [{"type": "template", "value": one} for one in types]}
    return {"consentStatus": status, "consentType": inner}


def tag(number: int, name: str, kind: str, *fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "tagId": str(number), "name": name, "type": kind, "parameter": list(fields),
        "tagFiringOption": "oncePerEvent", "monitoringMetadata": {"type": "map"},
        "consentSettings": consent("notSet"), **more,
    }  # fmt: skip


def trigger(number: int, name: str, event: str) -> dict[str, Any]:
    condition = {"type": "equals", "parameter": [field("arg0", "{{_event}}"), field("arg1", event)]}
    return {"triggerId": str(number), "name": name, "type": "customEvent",
            "customEventFilter": [condition]}  # fmt: skip


def web() -> Content:
    """Goals are fed by the tags Purchase, Lead and the two of the ad platforms beside them."""
    on = {"firingTriggerId": ["21"]}, {"firingTriggerId": ["22"]}
    pixel = "<script>fbq('track', 'Purchase', {value: {{Order value}}});</script>"
    chat = f"<script>chat.start({{owner: '{ADDRESS}'}});</script>"
    needs_ads = {"consentSettings": consent("needed", "ad_storage")}
    return {
        "tag": [
            tag(11, "Google tag", "googtag", field("tagId", "G-HRBHS2026"),
                firingTriggerId=[ALL_PAGES], priority=field("priority", "10", "integer")),
            tag(12, "Purchase", "gaawe", field("eventName", "purchase"),
                field("measurementIdOverride", "G-HRBHS2026"),
                field("sendEcommerceData", "true", "boolean"), **on[0]),
            tag(13, "Lead", "gaawe", field("eventName", "generate_lead"),
                field("measurementIdOverride", "G-HRBHS2026"), **on[1]),
            tag(14, "Ads - Purchase", "awct", field("conversionId", "9001000010"),
                field("conversionLabel", "Xy7kCMHRq9IZEKDP5PsD"), **on[0], **needs_ads),
            tag(15, "Ads - Lead form", "awct", field("conversionId", "9001000010"),
                field("conversionLabel", "Qm3wCNzDr9IZEKDP5PsD"), **on[1], **needs_ads),
            tag(16, "Pixel - Purchase", "html", field("html", pixel), **on[0],
                parentFolderId="31"),
            tag(17, "Chat", "html", field("html", chat), firingTriggerId=[ALL_PAGES]),
            tag(18, "Old newsletter pixel", "img", field("url", "//news.example/p.gif"),
                firingTriggerId=[ALL_PAGES], parentFolderId="31"),
            tag(19, "Server events", "cvt_181100201_51", field("api_secret", API_SECRET),
                listed("items", mapped(name="currency", value="EUR")), **on[0]),
        ],
        "trigger": [trigger(21, "Purchase", "purchase"), trigger(22, "Lead", "generate_lead")],
        "variable": [
            {"variableId": "41", "name": "Order value", "type": "v",
             "parameter": [field("dataLayerVersion", "2", "integer"),
                           field("name", "ecommerce.value")]},
            {"variableId": "42", "name": "Is member", "type": "jsm",
             "parameter": [field("javascript", "function() { return !!window.member; }")]},
        ],
        "builtInVariable": [{"name": "Page URL", "type": "pageUrl"},
                            {"name": "Referrer", "type": "referrer"}],
        "folder": [{"folderId": "31", "name": "Partners"}, {"folderId": "32", "name": "Archive"}],
        "customTemplate": [{
            "templateId": "51", "name": "Server events", "templateData": "___INFO___ {version: 1}",
            "galleryReference": {"host": "github.com", "owner": "tags", "repository": "events",
                                 "version": "4f1c9a"},
        }],
    }  # fmt: skip


def server() -> Content:
    return {
        "client": [{"clientId": "3", "name": "GA4", "type": "gaaw_client", "priority": 1,
                    "parameter": [field("activateGtagSupport", "true", "boolean")]}],
        "tag": [
            tag(5, "GA4", "sgtmgaaw", field("measurementId", "G-HRBHS2026"),
                firingTriggerId=["4"]),
            tag(7, "Purchases to the ad platform", "cvt_181100202_9", field("pixelId", "900100300"),
                field("accessToken", "EAAHmadeUpTokenOfNobody42"), firingTriggerId=["4"]),
        ],
        "trigger": [{"triggerId": "4", "name": "All events", "type": "always"}],
        "transformation": [{"transformationId": "8", "name": "No addresses",
                            "type": "tf_exclude_params",
                            "parameter": [field("excludeParams", "user_data")]}],
        "customTemplate": [{"templateId": "9", "name": "Ad platform events",
                            "templateData": "___INFO___ {version: 1}"}],
    }  # fmt: skip
