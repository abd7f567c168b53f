"""Which rates are there, and which are missing: of a day, or of a currency."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from trueup.sources.contract import Absent
from trueup.sources.euro import in_euro_since
from trueup.sources.fx_rates.calendar import is_working_day
from trueup.sources.fx_rates.client import Rows
from trueup.window import Window, runs


def day_of(row: dict[str, str]) -> date | None:
    """The day of a rate; None where it is none, which intake judges."""
    try:
        return date.fromisoformat(row["rate_date"])
    except ValueError:
        return None


def published(rows: Rows) -> dict[date, set[str]]:
    """The currencies that have a rate, by day."""
    found: dict[date, set[str]] = {}
    for row in rows:
        if day := day_of(row):
            found.setdefault(day, set()).add(row["currency_code"])
    return found


def due(known: dict[date, set[str]], window: Window, closed: set[date]) -> list[date]:
    """The days of `window` that should have a rate of every currency: working days up to the
    newest rate of any, and every day that has one."""
    newest = max(known, default=window.since - timedelta(days=1))
    working = {day for day in window.days() if day <= newest and is_working_day(day)} - closed
    return sorted(working | {day for day in known if day in window})


def incomplete(
    known: dict[date, set[str]], wanted: list[str], window: Window, closed: set[date]
) -> list[str]:
    """The currencies that lack a rate on a day that has one of another."""
    days = [day for day in due(known, window, closed) if day in known]
    return [code for code in wanted if _missing(code, days, known)]


def absent(
    known: dict[date, set[str]], wanted: list[str], window: Window, closed: set[date]
) -> Iterator[Absent]:
    """Every day without a rate of any currency, and every stretch of days without one of some."""
    days = due(known, window, closed)
    for gap in runs({day for day in days if day not in known}):
        yield Absent(
            gap,
            f"no exchange rate on {gap.since}; a day the ECB was closed out of turn goes into"
            " sources.fx_rates.options.closed_days",
            "gap",
        )
    for code in wanted:
        missing = _missing(code, days, known)
        if not missing:
            continue
        quoted = [day for day, codes in known.items() if code in codes]
        span = Window(missing[0], missing[-1] + timedelta(days=1))
        yield Absent(span, _why(code, missing, quoted), "part")


def _missing(code: str, days: list[date], known: dict[date, set[str]]) -> list[date]:
    """The days without a rate of one currency that have one of others; none once it is the euro."""
    since = in_euro_since(code)
    return [day for day in days if day in known and code not in known[day] and day < since]


def _why(code: str, missing: list[date], quoted: list[date]) -> str:
    if not quoted:
        said = f"the ECB quotes no {code}"
    elif max(quoted) < missing[0]:
        said = f"{code} is quoted no longer, its last rate is of {max(quoted)}"
    elif min(quoted) > missing[-1]:
        said = f"{code} is quoted since {min(quoted)} only"
    else:
        more = f" and {len(missing) - 3} more days" if len(missing) > 3 else ""
        said = f"no exchange rate of {code} on {', '.join(map(str, missing[:3]))}{more}"
    return f"{said}; reporting.fixed_rates in the company file can stand in for it"
