"""One page of a list as GraphQL gives it: what it holds, and where the next one begins."""

from __future__ import annotations

from typing import Any

from trueup.sources import strict_json
from trueup.sources.shopify.client import Admin


def nodes(admin: Admin, name: str, page: Any) -> list[Any]:
    """What a page of the list `name` holds."""
    found = page.get("nodes") if isinstance(page, dict) else None
    if not isinstance(found, list):
        got = f"{strict_json.kind(page)}, `nodes` {strict_json.kind(found)}"
        raise admin.unlike(name, "pages with a list of `nodes`", got)
    return found


def following(admin: Admin, name: str, page: Any) -> str | None:
    """The cursor of the page after this one; None where this is the last."""
    info = page.get("pageInfo")
    more = info.get("hasNextPage") if isinstance(info, dict) else None
    end = info.get("endCursor") if isinstance(info, dict) else None
    if more is False:
        return None
    if more is not True or not isinstance(end, str):
        raise admin.unlike(
            name,
            "a `pageInfo` with `hasNextPage`, and `endCursor` where that is true",
            f"`hasNextPage` {strict_json.kind(more)}, `endCursor` {strict_json.kind(end)}",
        )
    return end
