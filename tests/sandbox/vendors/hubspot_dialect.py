"""How HubSpot refuses: error bodies, scopes, and rate limits that name their policy."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from sandbox.desk import Desk
from sandbox.server import desk_of

VENDOR = "hubspot"
TOKEN = os.environ.get("TRUEUP_SECRET_HUBSPOT_ACCESS_TOKEN", "sandbox-hubspot-token")


class Refusal(Exception):
    """An error as HubSpot words it."""

    def __init__(self, status: int, message: str, **more: Any) -> None:
        self.status = status
        self.body = {
            "status": "error",
            "message": message,
            "correlationId": "aeb5f871-7f07-4993-9211-075dc63e7cbf",
            **more,
        }


class HubSpotRoute(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Any]:
        answer = super().get_route_handler()

        async def answer_or_refuse(request: Request) -> Response:
            try:
                return await answer(request)
            except Refusal as refusal:
                return JSONResponse(refusal.body, refusal.status)

        return answer_or_refuse


def admit(
    desk: Annotated[Desk, Depends(desk_of)], authorization: Annotated[str, Header()] = ""
) -> None:
    """Check the token, then deal whatever fault was ordered for this request."""
    if authorization != f"Bearer {TOKEN}" or desk.takes_fault(VENDOR, "unauthorized"):
        raise Refusal(
            401, "Authentication credentials not found.", category="INVALID_AUTHENTICATION"
        )
    if desk.takes_fault(VENDOR, "missing_scopes"):
        scopes = {"requiredGranularScopes": ["crm.objects.deals.read"]}
        raise Refusal(
            403,
            "This app hasn't been granted all required scopes to make this call.",
            category="MISSING_SCOPES",
            errors=[{"message": "One or more scopes are required.", "context": scopes}],
        )
    for fault, policy, words in (
        ("throttle", "TEN_SECONDLY_ROLLING", "ten_secondly_rolling"),
        ("daily_limit", "DAILY", "daily"),
    ):
        if desk.takes_fault(VENDOR, fault):
            message = f"You have reached your {words} limit."
            raise Refusal(
                429, message, category="RATE_LIMITS", errorType="RATE_LIMIT", policyName=policy
            )
    if desk.takes_fault(VENDOR, "server_error"):
        raise Refusal(502, "internal error", category="INTERNAL_ERROR")
