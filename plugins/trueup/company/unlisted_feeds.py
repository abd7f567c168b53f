"""Feeds and accounts that landed and that the company file lists no more, for `trueup check`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from trueup.company.workspace import Workspace


def lines(work: Workspace) -> Iterator[str]:
    """A sentence for each such feed, and each such account of a vendor, that still has rows in
    force. An account keeps its id, so that its rows cannot count twice; a feed is only what the
    file calls it."""
    company = work.company
    for source in sorted(company.sources):
        accounts: Counter[str] = Counter()
        for (stream, part), count in sorted(_unlisted(work, source).items()):
            if not company.module(source).divide:
                accounts[part] += count
                continue
            name = f"{source}.{stream}.{part}"
            yield (
                f"{name} is not listed and {count} rows of it stay in force, twice if it"
                f" was renamed: list it again, or `trueup reject {name} --why WHY`"
            )
        for account, count in sorted(accounts.items()):
            yield (
                f"{source} {account} is not listed: the {count} rows it landed stay in force, and"
                " none of its days is waited for; list it again if it goes on"
            )


def _unlisted(work: Workspace, source: str) -> Counter[tuple[str, str]]:
    """Rows in force of each stream and account, or feed, that the company file does not list."""
    rows: Counter[tuple[str, str]] = Counter()
    for stream in work.company.module(source).streams:
        for load, days in work.landing.current(source, stream):
            rows[stream.name, load.account] += sum(x.landed for x in load.days if x.day in days)
    listed = work.company.parts(source)
    return Counter({part: count for part, count in (+rows).items() if part not in listed})
