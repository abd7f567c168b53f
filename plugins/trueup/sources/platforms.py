"""How the models spell the name of an ad platform, for what is compared with them here."""

from __future__ import annotations

import re


def spelt(name: str) -> str:
    """As macro spelt_platform has it: `Listing Sites` is listing_sites."""
    return "_".join(re.findall(r"[^\W_]+", name.lower()))
