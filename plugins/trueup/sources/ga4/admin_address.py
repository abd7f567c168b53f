"""Where a property's Admin API is, if there is one to ask."""

from __future__ import annotations

from urllib.parse import urlsplit

from trueup.sources.contract import Access, is_api

GOOGLE_URL = "https://analyticsadmin.googleapis.com"
#: The option `admin_api` that leaves it alone.
OFF = "off"


def address(access: Access) -> str | None:
    """The address; None where nobody is asked. Files have no such API, and where one that is not
    Google's own stands in for BigQuery, only its owner knows of another."""
    named = access.options.get("admin_api")
    if not is_api(access.base_url) or named is False or str(named).lower() == OFF:
        return None
    if named:
        return str(named).rstrip("/")
    host = urlsplit(access.base_url).hostname or "googleapis.com"
    return GOOGLE_URL if f".{host}".endswith(".googleapis.com") else None
