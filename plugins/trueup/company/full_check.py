"""Everything that is wrong with the company file and what it names, at once: `trueup check`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from trueup.company import checks, secret_checks, sound
from trueup.company.company_file import Company, examine
from trueup.sources import forms, registry


@dataclass(frozen=True)
class Found:
    """What is wrong with the file, and with the files and selects its sources name; and with the
    secrets, which are not in it."""

    problems: tuple[str, ...]
    secrets: tuple[str, ...]


def look(path: Path, now: datetime | None = None) -> Found:
    """All that is wrong with the file at `path`, as far as its parts can be read. `now` is the
    moment a start of the history must not be after, if not this one."""
    found = examine(path)
    if company := found.company:
        whole = list(company.sources)
    else:
        company, whole = sound.part(found.content, path.parent)
    of_sources = _of_sources(company, whole, found.content, path.parent)
    of_accounts = checks.problems_of_accounts(found.content)
    others = (
        *_of_addresses(found.content),
        *_of_headlines(company, whole),
        *_of_history(company, now),
    )
    listed = (*found.problems, *of_accounts, *others, *of_sources)
    return Found(listed, tuple(secret_checks.problems(company)))


def problems(path: Path) -> tuple[str, ...]:
    """The same in one list."""
    found = look(path)
    return (*found.problems, *found.secrets)


def _of_sources(
    company: Company, whole: Iterable[str], content: Any, folder: Path
) -> Iterator[str]:
    for name in whole:
        source = company.known(name)
        if source and source.problems:
            access = company.access(name, folder, defaultdict(str))
            names = checks.named(content, name)
            yield from (f"sources.{name}.{text}" for text in source.problems(access, names))


def _of_addresses(content: Any) -> Iterator[str]:
    """Addresses of vendors that no request could be sent to."""
    entries = content.get("sources") if isinstance(content, dict) else None
    for name, entry in entries.items() if isinstance(entries, dict) else ():
        url = entry.get("base_url") if isinstance(entry, dict) else None
        if url and name in registry.NAMES and not registry.load(name).reads_files:
            yield from (f"sources.{name}.base_url: {why}" for why in forms.address(url))


def _of_headlines(company: Company, whole: Iterable[str]) -> Iterator[str]:
    """Headlines of windows that a platform gives no number of."""
    for name in whole:
        module, headline = company.known(name), company.sources[name].headline_claim
        windows = module.ad_platform.windows if module and module.ad_platform else {}
        for field, answered in windows.items() if headline else ():
            days = getattr(headline, field)
            if days is not None and days not in answered:
                listed = ", ".join(map(str, answered))
                yield (
                    f"sources.{name}.headline_claim.{field}: {name} gives no number of {days} days;"
                    f" there is {listed}"
                )


def _of_history(company: Company, now: datetime | None) -> Iterator[str]:
    zone = ZoneInfo(company.reporting.time_zone)
    today = (now or datetime.now(zone)).astimezone(zone).date()
    if company.history.start > today:
        yield (
            f"history.start: {company.history.start} is after today, {today}, so there is no day to"
            " land; name the first day that is wanted"
        )
