"""An error as Google's APIs write it: a status, and reasons in an older list or a newer one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from requests import Response

from trueup.sources import refusal_tables, refusals, strict_json


@dataclass(frozen=True)
class GoogleError:
    """What an answer says of what went wrong; empty where it says nothing."""

    status: str | None
    reasons: tuple[str, ...]
    message: str

    def becomes(self, table: Path) -> set[str]:
        """What the reasons mean by a table of refusals, or the status where it lists none."""
        listed = refusal_tables.read(table)
        return listed.becomes("reason", *self.reasons) or listed.becomes("status", self.status)

    def said(self, response: Response) -> str:
        """The answer for a person, in its own codes and without its message."""
        return refusals.said(response, *self.reasons, self.status)


def read(response: Response) -> GoogleError:
    error = strict_json.read_object(response.content).get("error")
    error = error if isinstance(error, dict) else {}
    status = error.get("status")
    return GoogleError(
        status=status if isinstance(status, str) else None,
        reasons=tuple(_reasons(error)),
        message=str(error.get("message", "")),
    )


def _reasons(error: dict[str, Any]) -> Iterator[str]:
    for name in ("errors", "details"):
        listed = error.get(name)
        for one in listed if isinstance(listed, list) else ():
            if isinstance(one, dict) and isinstance(one.get("reason"), str):
                yield one["reason"]
