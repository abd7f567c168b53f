"""One JSON POST, to a judged address, and what its answer means. No text tells what was sent, to
whom, or what came back."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from trueup.alerts import addresses
from trueup.alerts.receivers.message import NotHeard

#: Below what all receivers together may take, so that a silent one is known to be by then.
TIMEOUT_SECONDS = 8
#: An answer longer than this is cut: none that is of use is.
MOST_BYTES = 100_000
#: Statuses of a message that is wrong and will stay so; any other may yet be taken.
FINAL = (400, 413, 415, 422)


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    what: str,
    timeout: float = TIMEOUT_SECONDS,
) -> bytes:
    """The answer's body. Raises NotHeard; a redirect is not followed, as nobody has configured
    where it leads."""
    try:
        request = urllib.request.Request(  # noqa: S310 -- the scheme is checked below
            url, data=body, headers={"Content-Type": "application/json", **headers}
        )
        if request.type not in ("http", "https"):
            raise NotHeard(f"the {what}'s address must be an http(s) URL")
        with addresses.opener(url).open(request, timeout=timeout) as answer:
            content: bytes = answer.read(MOST_BYTES)
            return content
    except urllib.error.HTTPError as error:
        raise _refusal(error, what) from None
    except NotHeard:
        raise
    except urllib.error.URLError as error:
        raise _no_answer(error.reason, what) from None
    except http.client.RemoteDisconnected:
        raise NotHeard(f"the {what} hung up", is_certain=False) from None
    except (ValueError, http.client.InvalidURL) as error:
        raise NotHeard(f"the {what}'s address is of no use: {type(error).__name__}") from None
    except (OSError, http.client.HTTPException) as error:
        raise NotHeard(f"the {what} gave no answer: {_kind(error)}", is_certain=False) from None


def content(answer: bytes) -> dict[str, Any]:
    """The object an answer is; empty where it is none."""
    try:
        known = json.loads(answer)
    except ValueError:
        return {}
    return known if isinstance(known, dict) else {}


def encoded(body: Any) -> bytes:
    return json.dumps(body, default=str).encode()


def _refusal(error: urllib.error.HTTPError, what: str) -> NotHeard:
    try:
        answer = error.read(MOST_BYTES)
    except (OSError, http.client.HTTPException):
        answer = b""
    error.close()
    # A gateway that gave up waiting does not know what became of it.
    is_certain = error.code not in (502, 504, 524)
    return NotHeard(
        f"the {what} answers HTTP {error.code}",
        is_certain=is_certain,
        is_final=error.code in FINAL,
        retry_after=seconds(error.headers.get("Retry-After")),
        answer=answer,
    )


def _no_answer(reason: object, what: str) -> NotHeard:
    """What urllib could not even ask: no name, no connection, or a time-out on the way."""
    if isinstance(reason, addresses.Refused):
        return NotHeard(str(reason).replace("webhook", what))
    if isinstance(reason, TimeoutError):
        return NotHeard(f"the {what} gave no answer in time", is_certain=False)
    if isinstance(reason, ConnectionResetError | BrokenPipeError):
        return NotHeard(f"the {what} hung up", is_certain=False)
    return NotHeard(f"the {what} cannot be reached: {_kind(reason)}")


def _kind(error: object) -> str:
    return type(error).__name__


def seconds(value: str | None) -> float | None:
    """What a Retry-After asks for: seconds, or until a date."""
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
