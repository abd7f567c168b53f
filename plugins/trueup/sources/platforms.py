"""How the models spell the name of an ad platform, for what is compared with them here."""

from __future__ import annotations

import re


def spelt(name: str) -> str:
    """As macro spelt_platform has it: `Google Ads` is google_ads."""
    return "_".join(re.findall(r"[^\W_]+", name.lower()))
