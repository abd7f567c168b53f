"""The verb that walks one number of a platform down to the ledger."""

from __future__ import annotations

import argparse
from datetime import date


def explain(arguments: argparse.Namespace) -> int:
    """why a campaign's claims of a day are not what came in: each hop with its loss and cause"""
    from trueup.reports import explained

    for line in explained.explain(arguments.campaign, date.fromisoformat(arguments.date)):
        print(line)
    return 0
