"""How well Meta can use what a dataset was sent: its Dataset Quality API.

It speaks of the last days as it sees them now. How the field of deduplication is called, and
whether a dataset has it, has changed more than once: where Meta knows no such field it is asked
without it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from dlt.sources.helpers.rest_client.auth import BearerTokenAuth
from requests import Response

from trueup.errors import AccessDenied, TrueupError, UnknownRefusal
from trueup.sources import http, refusals
from trueup.sources.contract import Access, Page, Stream
from trueup.sources.conversions_api import single_values
from trueup.sources.conversions_api.judging import META_STEP, is_unknown_field, judge_meta
from trueup.sources.conversions_api.logs import account_of
from trueup.sources.conversions_api.streams import META
from trueup.sources.graph_api import API_VERSION, META_URL
from trueup.sources.refusals import Place, Refusal
from trueup.window import Window

PATH = f"{API_VERSION}/dataset_quality"
PLAIN = (
    "event_name,event_match_quality{composite_score},event_coverage{percentage},"
    "data_freshness{upload_frequency}"
)
DEDUPLICATION = (
    "dedupe_key_feedback{dedupe_key,browser_events_with_dedupe_key{percentage},"
    "server_events_with_dedupe_key{percentage}}"
)
#: The key by which the same event of a browser and a server is one.
EVENT_ID = "event_id"


class _NoSuchField(TrueupError):
    """The dataset has no such field."""


def quality(access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    """The dataset's events, as Meta sees them on the window's last day."""
    api, params = _open(access, stream, window)
    try:
        answer = api.object(PATH, params={**params, "fields": f"web{{{PLAIN},{DEDUPLICATION}}}"})
    except _NoSuchField:
        answer = api.object(PATH, params={**params, "fields": f"web{{{PLAIN}}}"})
    if not isinstance(answer.get("web"), list):
        raise UnknownRefusal(
            "Meta's answer holds no list of events", **api.place, expected="a list under web",
            got=type(answer.get("web")).__name__, next_step="compare with the vendor's changelog",
        )  # fmt: skip
    yield [
        {
            "destination": META,
            "account_id": account_of(access),
            "action": single_values.text(event.get("event_name")),
            "observed_date": window.last_day,
            **_figures(event),
        }
        for event in single_values.listed(answer["web"])
    ]


def _figures(event: dict[str, Any]) -> dict[str, Any]:
    keys = [
        one
        for one in single_values.listed(event.get("dedupe_key_feedback"))
        if one.get("dedupe_key") == EVENT_ID
    ]
    of_id = keys[0] if keys else {}
    return {
        "match_quality": _number(
            single_values.mapping(event.get("event_match_quality")).get("composite_score")
        ),
        "event_coverage": _share(event.get("event_coverage")),
        "browser_id_coverage": _share(of_id.get("browser_events_with_dedupe_key")),
        "server_id_coverage": _share(of_id.get("server_events_with_dedupe_key")),
        "upload_frequency": single_values.text(
            single_values.mapping(event.get("data_freshness")).get("upload_frequency")
        ),
    }


def _number(value: Any) -> Any:
    """A figure; one that cannot be read stays as it is, so that its row is set aside by name."""
    found = single_values.amount(value)
    return value if found is None else found


def _share(value: Any) -> Any:
    """A percentage as a share of one."""
    found = _number(single_values.mapping(value).get("percentage"))
    return (found / 100).quantize(Decimal("0.000001")) if isinstance(found, Decimal) else found


def _judge(response: Response, place: Place) -> Refusal | None:
    if response.status_code == 400 and is_unknown_field(response):
        return Refusal(
            _NoSuchField(
                "Meta knows no such field", **place, got=refusals.said(response),
                next_step="compare with Meta's changelog",
            )
        )  # fmt: skip
    return judge_meta(response, place)


def _open(access: Access, stream: Stream, window: Window) -> tuple[http.Api, dict[str, str]]:
    token = access.secrets.get("meta_access_token", "")
    if not token:
        raise AccessDenied(
            "no token is named that Meta could be asked with",
            **http.place_of(access, stream, window),
            next_step=f"name credentials.meta_access_token; {META_STEP}",
        )
    params = {"dataset_id": account_of(access)}
    if secret := access.secrets.get("meta_app_secret"):
        proof = hmac.new(secret.encode(), token.encode(), hashlib.sha256)
        params["appsecret_proof"] = proof.hexdigest()
    base_url = f"{access.base_url}/meta" if access.base_url else META_URL
    auth = BearerTokenAuth(token)
    return http.Api(access, stream, window, judge=_judge, auth=auth, base_url=base_url), params
