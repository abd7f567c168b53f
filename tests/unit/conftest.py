"""Fixtures several unit tests share: folders of files a company delivers."""

from __future__ import annotations

from pathlib import Path

import pytest

from feed_files import ORDERS, SPEND, Folder


@pytest.fixture
def spend(tmp_path: Path) -> Folder:
    return Folder(tmp_path, "ad_performance", SPEND)


@pytest.fixture
def orders(tmp_path: Path) -> Folder:
    return Folder(tmp_path, "orders", ORDERS)
