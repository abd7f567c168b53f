"""Days and instants as a person types them, and the day that is meant where none is typed."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime

#: Letters of a day without a time.
DAY_LENGTH = len("2026-09-15")


def day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day, like 2026-09-15") from None


def instant(text: str) -> datetime:
    if text == "now":
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not an instant, like 2026-09-15T06:00:00Z: day, T, time and offset"
        ) from None
    if moment.tzinfo is None:
        whole = text if len(text) > DAY_LENGTH else f"{text}T00:00:00"
        raise argparse.ArgumentTypeError(
            f"{text} has no UTC offset: say {whole}Z, or {whole}+01:00"
        )
    return moment


def yesterday() -> str:
    """The newest whole day of the reporting zone, or the company's last day if that is past."""
    from trueup import settings
    from trueup.company import company_file

    chosen = company_file.read(settings.read().company_file)
    return chosen.newest_day(datetime.now(UTC)).isoformat()
