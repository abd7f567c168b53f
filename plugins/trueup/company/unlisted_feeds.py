"""Feeds that landed and that the company file lists no more: `trueup check` tells of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from trueup.company.workspace import Workspace


def lines(work: Workspace) -> Iterator[str]:
    """A sentence for each such feed that still has rows in force. A vendor's account keeps its id
    and its days; a feed is only what the file calls it."""
    company = work.company
    for source in sorted(name for name in company.sources if company.module(name).divide):
        listed = company.parts(source)
        for stream in company.module(source).streams:
            rows: Counter[str] = Counter()
            for load, days in work.landing.current(source, stream):
                rows[load.account] += sum(day.landed for day in load.days if day.day in days)
            for feed, count in sorted((+rows).items()):
                if (stream.name, feed) not in listed:
                    name = f"{source}.{stream.name}.{feed}"
                    yield (
                        f"{name} is not listed and {count} rows of it stay in force, twice if it"
                        f" was renamed: list it again, or `trueup reject {name} --why WHY`"
                    )
