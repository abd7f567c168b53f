"""Who may ask Google Ads, faults on order, and failures as Google writes them."""

from __future__ import annotations

import hmac
import time
import uuid
from typing import Any

from sandbox.desk import Desk
from sandbox.vendors.google_ads_gaql import Failure

ACCOUNT, MANAGER = "4711002200", "4711000000"
#: An account under the same manager that was cancelled.
CANCELLED = "4711002209"
CLIENT, CLIENT_SECRET = "sandbox-client", "sandbox-google-secret"
REFRESH_TOKEN = "sandbox-google-refresh"
TOKEN_SECONDS = 3599
VERSION = "v26"
_FAILURE_TYPE = f"type.googleapis.com/google.ads.googleads.{VERSION}.errors.GoogleAdsFailure"
#: How long a throttled client is asked to wait.
SHORT_DELAY = "1s"
_QUOTA = {"rateScope": "ACCOUNT", "rateName": "Requests per account"}


def check(desk: Desk, version: str, customer: str, headers: Any) -> None:
    """Faults on order, then version, token, account and manager, as Google checks them."""
    _deal_faults(desk)
    if version != VERSION:
        raise Failure(
            "requestError",
            "UNSUPPORTED_VERSION",
            f"Version {version} is deprecated. Requests to this version will be blocked.",
        )
    given = str(headers.get("authorization", "")).removeprefix("Bearer ")
    if not is_valid(given):
        raise Failure(
            "authenticationError",
            "OAUTH_TOKEN_INVALID",
            "Request had invalid authentication credentials. Expected OAuth 2 access"
            " token, login cookie or other valid authentication credential.",
            http=401,
            status="UNAUTHENTICATED",
        )
    if not (customer.isdigit() and len(customer) == 10):
        raise Failure("requestError", "INVALID_CUSTOMER_ID", f"Invalid customer ID '{customer}'.")
    manager = headers.get("login-customer-id")
    if customer == CANCELLED and manager == MANAGER:
        raise Failure(
            "authorizationError",
            "CUSTOMER_NOT_ENABLED",
            "The customer account can't be accessed because it is not yet enabled or has been"
            " deactivated.",
            http=403,
            status="PERMISSION_DENIED",
        )
    if customer not in (ACCOUNT, MANAGER) or manager != MANAGER:
        raise Failure(
            "authorizationError",
            "USER_PERMISSION_DENIED",
            "User doesn't have permission to access customer. Note: If you're accessing"
            " a client customer, the manager's customer id must be set in the"
            " 'login-customer-id' header.",
            http=403,
            status="PERMISSION_DENIED",
        )


def envelope(failure: Failure) -> dict[str, Any]:
    """The error object of a REST answer."""
    error: dict[str, Any] = {
        "errorCode": {failure.family: failure.name},
        "message": failure.message,
    }
    if failure.details:
        error["details"] = failure.details
    return {
        "error": {
            "code": failure.http,
            "message": failure.message
            if failure.http != 400
            else "Request contains an invalid argument.",
            "status": failure.status,
            "details": [{"@type": _FAILURE_TYPE, "errors": [error], "requestId": request_id()}],
        }
    }


def _deal_faults(desk: Desk) -> None:
    if desk.takes_fault("google_ads", "throttle"):
        raise Failure(
            "quotaError",
            "RESOURCE_TEMPORARILY_EXHAUSTED",
            f"Too many requests. Retry in {SHORT_DELAY}.",
            http=429,
            status="RESOURCE_EXHAUSTED",
            details={"quotaErrorDetails": {**_QUOTA, "retryDelay": SHORT_DELAY}},
        )
    if desk.takes_fault("google_ads", "quota_spent"):
        raise Failure(
            "quotaError",
            "RESOURCE_EXHAUSTED",
            "Too many requests. Retry in 34021 seconds.",
            http=429,
            status="RESOURCE_EXHAUSTED",
            details={"quotaErrorDetails": {**_QUOTA, "retryDelay": "34021s"}},
        )
    if desk.takes_fault("google_ads", "server_error"):
        raise Failure(
            "internalError",
            "TRANSIENT_ERROR",
            "The service is currently unavailable.",
            http=503,
            status="UNAVAILABLE",
        )
    if desk.takes_fault("google_ads", "unauthorized"):
        raise Failure(
            "authenticationError",
            "OAUTH_TOKEN_REVOKED",
            "The token was revoked.",
            http=401,
            status="UNAUTHENTICATED",
        )


def signed(ends: int) -> str:
    digest = hmac.new(CLIENT_SECRET.encode(), str(ends).encode(), "sha256").hexdigest()[:32]
    return f"ya29.{ends}.{digest}"


def is_valid(given: str) -> bool:
    _, _, rest = given.partition(".")
    ends = rest.partition(".")[0]
    return (
        ends.isdigit() and time.time() < int(ends) and hmac.compare_digest(given, signed(int(ends)))
    )


def request_id() -> str:
    return uuid.uuid4().hex[:22]
