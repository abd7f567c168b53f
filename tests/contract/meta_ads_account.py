"""What Meta's tests of bad input share: the demo account, and ways to land and to be refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from trueup.errors import TrueupError
from trueup.landing.intake import take_in
from trueup.landing.store import Landing, Load
from trueup.sources.contract import Access, Account
from trueup.sources.meta_ads import SOURCE, client
from trueup.window import Window

TOKEN = "sandbox-meta-token"
WEEK = Window(date(2026, 8, 3), date(2026, 8, 10))
MONTH = Window(date(2026, 8, 1), date(2026, 8, 31))
#: Meta's own "I do not know what happened".
UNKNOWN = {"code": 1, "error_subcode": 99, "message": f"An unknown error occurred {TOKEN}"}


@pytest.fixture(autouse=True)
def brisk_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "FIRST_POLL", 0.005)


@pytest.fixture
def access(sandbox: Any, tmp_path: Path) -> Access:
    """The demo account, sixty rows a page so that a week has several."""
    return Access(
        source="meta_ads",
        base_url=f"{sandbox.url}/meta_ads",
        accounts=(Account("act_900100200", "Europe/Amsterdam", "GBP"),),
        options={"page_size": 60},
        history_start=MONTH.since,
        reporting_zone="Europe/Lisbon",
        reporting_currency="EUR",
        folder=tmp_path,
        secrets={"access_token": TOKEN, "app_secret": "sandbox-meta-app-secret"},
    )


def land(landing: Landing, access: Access, name: str, window: Window = WEEK) -> Load:
    stream = SOURCE.stream(name)
    pages = SOURCE.extract(access, stream, window)
    return take_in(
        landing, "meta_ads", stream, window, pages, api_version=SOURCE.api_version, hash_key="k"
    )


def refusal(
    landing: Landing, access: Access, name: str, error: type[TrueupError], window: Window = WEEK
) -> str:
    """The message, which says where and what to do; and no load was committed."""
    with pytest.raises(error) as raised:
        land(landing, access, name, window)
    message = str(raised.value)
    for part in ("source: meta_ads", f"stream: {name}", f"window: {window}", "next step: "):
        assert part in message
    assert TOKEN not in message
    assert landing.loads("meta_ads", name) == []
    return message
