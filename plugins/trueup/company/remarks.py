"""What is likely a mistake in a company file in which nothing is wrong: `trueup check` tells of it
and goes on, for any of it may be meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from trueup.company import channels, checks
from trueup.company.company_file import Company
from trueup.company.parts import GoalMapping
from trueup.company.weak_goals import SEEN

#: Shapes whose rows are money by themselves.
SOLD = {"orders", "bookings"}


def lines(company: Company, folder: Path) -> Iterator[str]:
    """Each with its path. `folder` is what the paths of the file are relative to."""
    for name in company.sources:
        yield from (f"sources.{name}.{text}" for text in _of_claims(company, name))
        yield from (f"sources.{name}.{text}" for text in _of_source(company, name, folder))
    yield from _of_searches(company)
    yield from _of_goals(company)
    yield from _of_channels(company)


def _of_claims(company: Company, name: str) -> Iterator[str]:
    platform, headline = company.module(name).ad_platform, company.sources[name].headline_claim
    if platform is None or "claims" not in company.module(name).shapes:
        return
    if headline is None:
        yield (
            "headline_claim: missing, so nothing it claims is its headline number and every ratio"
            " of claims is empty"
        )
    elif platform.date_basis and "date_basis" in headline.model_fields_set:
        if headline.date_basis != platform.date_basis:
            yield (
                f"headline_claim.date_basis: {headline.date_basis} changes nothing, all it claims"
                f" has {platform.date_basis}"
            )


def _of_source(company: Company, name: str, folder: Path) -> Iterator[str]:
    module = company.module(name)
    if module.remarks:
        names = checks.named(company.model_dump(mode="json"), name)
        yield from module.remarks(company.access(name, folder, defaultdict(str)), names)


def _of_searches(company: Company) -> Iterator[str]:
    searched = [n for n in company.sources if "search_performance" in company.module(n).shapes]
    if searched and not company.brand_terms:
        yield (
            f"brand_terms: none, so of no search of {', '.join(searched)} it is known whether it is"
            " one for the company itself"
        )


def _of_goals(company: Company) -> Iterator[str]:
    for name, goal in company.goals.items():
        sold = [one.source for one in goal.mappings if _is_sold(company, one)]
        if sold and goal.tier == "strong" and not goal.counts_as_revenue:
            yield (
                f"goals.{name}.counts_as_revenue: false, so what is sold in {', '.join(sold)} is no"
                " revenue"
            )


def _is_sold(company: Company, mapping: GoalMapping) -> bool:
    module = company.module(mapping.source)
    if SEEN & set(module.shapes):
        sold = {stream.name for stream in module.streams if stream.shape in SOLD}
        return mapping.selector.rpartition(":")[2] in sold
    return SOLD & set(module.shapes) != set()


def _of_channels(company: Company) -> Iterator[str]:
    ruled = {rule.platform for rule in company.channels}
    for name in company.sources:
        module = company.module(name)
        # Feeds name their platforms row by row, and an ad platform's campaigns have types.
        has_own_spend = "ad_performance" in module.shapes and not module.divide
        if has_own_spend and not module.ad_platform and name not in ruled:
            yield (
                f"channels: no rule is of platform {name}, whose campaigns have no type: what they"
                f" cost is of channel (unmapped); one is {{channel: agencies, is_paid: true,"
                f" platform: {name}}}"
            )
    for index, rule in enumerate(company.channels):
        if rule.channel not in channels.NAMES:
            close = get_close_matches(rule.channel, channels.NAMES, n=1, cutoff=0.85)
            for known in close:
                yield (
                    f"channels.{index}.channel: {rule.channel} is a channel of the company's own;"
                    f" misspelt {known}?"
                )
