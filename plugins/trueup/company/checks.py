"""What no field of the company file can see on its own: names that must exist elsewhere in it, or
in a source, and things that must not be there twice.

Reads the file's bare content, so that these problems show in the same pass as those of the
fields; whatever is not of the right kind is passed over here, because the fields report it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from trueup.company import channels, rates, secret_names, wording
from trueup.company.parts import HeadlineClaim, Tolerances
from trueup.sources import forms, registry
from trueup.sources.contract import CompanyNames, Source


def problems(content: Any) -> Iterator[str]:
    """Every such problem of the file, each with its path."""
    content = _keys(content)
    entries = _keys(content.get("sources"))
    for name, entry in entries.items():
        if name in registry.NAMES:
            yield from _of_source(f"sources.{name}", _keys(entry), registry.load(name))
            yield from _of_feeds(f"sources.{name}.options.feeds", _keys(entry), content)
        else:
            known = ", ".join(registry.NAMES)
            yield f"sources.{name}: no such source; there are {known}"
    if content.get("goals", {}) == {} and any(_selectors(name, entries) for name in entries):
        yield (
            "goals: missing; name what counts, such as an order, and what of the sources it is"
            " made of"
        )
    yield from _of_goals(_keys(content.get("goals")), entries)
    yield from _of_outcomes(_keys(content.get("goals")))
    reporting = _keys(content.get("reporting"))
    if (own := reporting.get("currency")) in _keys(reporting.get("fixed_rates")):
        yield f"reporting.fixed_rates.{own}: the reporting currency needs no rate"
    yield from _of_channels(content, entries)
    yield from _of_topics(content)


def problems_of_accounts(content: Any) -> Iterator[str]:
    """What keeps single accounts from landing or counting, each with its path. A file with one is
    run all the same: the others land, and the account is reported by name."""
    content = _keys(content)
    entries = _keys(content.get("sources"))
    for name, entry in entries.items():
        if name in registry.NAMES:
            yield from _of_shared_secrets(f"sources.{name}", _keys(entry), registry.load(name))
    yield from rates.problems(_keys(content.get("reporting")), entries)


def named(content: Any, source: str) -> CompanyNames:
    """What the company file calls things that only the reading of `source` shows to be there."""
    content = _keys(content)
    entries, goals = _keys(content.get("sources")), _keys(content.get("goals"))
    mappings = [
        _keys(one) for goal in goals.values() for one in _items(_keys(goal).get("mappings"))
    ]
    known = _platforms(entries)
    rules = [*_items(content.get("channels")), *_items(content.get("retargeting"))]
    platforms = [_keys(rule).get("platform") for rule in rules]
    return CompanyNames(
        goals=tuple(str(goal) for goal in goals),
        selectors=tuple(
            str(one.get("selector")) for one in mappings if one.get("source") == source
        ),
        platforms=tuple(str(name) for name in platforms if name and name not in known),
        own_hosts=tuple(str(host) for host in _items(content.get("own_domains"))),
    )


def feeds(options: Any) -> list[dict[Any, Any]]:
    """The feeds a source's options list, as far as they are mappings."""
    return [_keys(feed) for feed in _items(_keys(options).get("feeds"))]


def _of_source(at: str, entry: dict[Any, Any], source: Source) -> Iterator[str]:
    options = _keys(entry.get("options"))
    streams = [stream.name for stream in source.streams]
    url = entry.get("base_url")
    wanted = source.secrets_at(url if isinstance(url, str) else None)
    yield from _of_credentials(at, entry, source, wanted)
    for option in options:
        if option not in source.options:
            yield f"{at}.options.{option}: {forms.unknown(str(option), source.options)}"
    yield from (f"{at}.options.{text}" for text in source.option_problems(options))
    for stream in _items(entry.get("allow_empty")):
        if stream not in streams:
            yield f"{at}.allow_empty: {source.name} has no stream {stream}"
    accounts = [_keys(account).get("id") for account in _items(entry.get("accounts"))]
    if source.secrets and not accounts and not entry.get("accounts"):
        yield f"{at}.accounts: missing; name the account to ask for"
    for index, account in enumerate(accounts):
        if source.account_id and (why := source.account_id.problem(account)):
            yield f"{at}.accounts.{index}.id: {why}"
        if account in accounts[:index]:
            yield f"{at}.accounts.{index}.id: {account} is there twice"


def _of_credentials(
    at: str, entry: dict[Any, Any], source: Source, wanted: tuple[str, ...]
) -> Iterator[str]:
    """Secrets that nobody names, or that the source does not have."""
    shared = _keys(entry.get("credentials"))
    own = [_keys(_keys(one).get("credentials")) for one in _items(entry.get("accounts"))]
    for place, named in [(at, shared), *((f"{at}.accounts.{i}", one) for i, one in enumerate(own))]:
        for role in named:
            if role not in (*source.secrets, *source.optional_secrets):
                hidden = secret_names.shown(role)
                yield f"{place}.credentials.{hidden}: {source.name} has no such secret"
    for role in wanted:
        lacking = [index for index, one in enumerate(own) if role not in one]
        if role not in shared and len(lacking) == len(own):
            yield f"{at}.credentials.{role}: missing; name the secret that holds it"
        elif role not in shared:
            for index in lacking:
                yield f"{at}.accounts.{index}.credentials.{role}: missing; name the secret"


def _of_shared_secrets(at: str, entry: dict[Any, Any], source: Source) -> Iterator[str]:
    """Of secrets that open one account alone each of several accounts names its own."""
    shared = _keys(entry.get("credentials"))
    own = [_keys(_keys(one).get("credentials")) for one in _items(entry.get("accounts"))]
    for role in source.secrets_of_one_account:
        lacking = [index for index, one in enumerate(own) if role in shared and role not in one]
        for index in lacking[1:]:
            yield (
                f"{at}.accounts.{index}.credentials.{role}: missing; one {role} opens one"
                " account, so name that of this one here (the same again, if it opens both)"
            )


def _of_feeds(at: str, entry: dict[Any, Any], content: dict[Any, Any]) -> Iterator[str]:
    """Headlines and tolerances of feeds; what a feed leaves out is the company's."""
    inherited = {"headline_claim": {}, "tolerances": _keys(content.get("tolerances"))}
    for index, feed in enumerate(feeds(entry.get("options"))):
        for key, part in (("headline_claim", HeadlineClaim), ("tolerances", Tolerances)):
            if key not in feed:
                continue
            try:
                part.model_validate({**inherited[key], **_keys(feed[key])})
            except ValidationError as error:
                yield from (wording.problem(one, (at, index, key)) for one in error.errors())


def _of_goals(goals: dict[Any, Any], entries: dict[Any, Any]) -> Iterator[str]:
    mapped: defaultdict[tuple[Any, Any], set[Any]] = defaultdict(set)
    for goal, settings in goals.items():
        for index, mapping in enumerate(_items(_keys(settings).get("mappings"))):
            at = f"goals.{goal}.mappings.{index}"
            source, selector = _keys(mapping).get("source"), _keys(mapping).get("selector")
            if source not in entries:
                yield f"{at}.source: {source} is not among the sources"
            elif isinstance(selector, str) and (known := _selectors(source, entries)) is not None:
                if not any(re.fullmatch(pattern, selector) for pattern in known):
                    shown = ", ".join(known).replace(".+", "...")
                    names = shown or "none, as nothing of it can be selected"
                    yield f"{at}.selector: {source} has no {selector!r}; there are {names}"
            others = mapped[source, selector]
            if goal in others or (others and not _is_shared(source, selector)):
                yield f"{at}: {source} {selector!r} is mapped twice, and would count twice"
            others.add(goal)


def _is_shared(source: Any, selector: Any) -> bool:
    """Whether goals may share it: claims of an action, if it does not name each sale's order."""
    module = registry.load(source) if source in registry.NAMES else None
    if not module or {"claims", "affiliate_sales"} & set(module.shapes) != {"claims"}:
        return False
    return str(selector).rpartition(":")[2] not in {stream.name for stream in module.streams}


def _of_outcomes(goals: dict[Any, Any]) -> Iterator[str]:
    """What weak goals become are strong goals of the file, and strong goals become nothing."""
    for goal, settings in goals.items():
        outcomes = _items(_keys(settings).get("becomes"))
        is_strong = _keys(settings).get("tier") == "strong"
        if _keys(settings).get("tier") == "weak" and _keys(settings).get("counts_as_revenue"):
            yield f"goals.{goal}.counts_as_revenue: a weak goal is no revenue; call it strong"
        if is_strong and (outcomes or _keys(settings).get("window_days") is not None):
            yield f"goals.{goal}: becomes and window_days are of weak goals, and this one is strong"
        for index, outcome in enumerate(outcomes):
            is_known = outcome in goals and _keys(goals.get(outcome)).get("tier") != "weak"
            if not is_strong and not is_known:
                yield f"goals.{goal}.becomes.{index}: {outcome} is no strong goal of the file"


def _selectors(source: Any, entries: dict[Any, Any]) -> tuple[str, ...] | None:
    """Patterns of what mappings may select from a source; None of one there is not."""
    if source not in registry.NAMES:
        return None
    module, options = registry.load(source), _keys(_keys(entries[source]).get("options"))
    return module.selectors(options)


def _of_channels(content: dict[Any, Any], entries: dict[Any, Any]) -> Iterator[str]:
    rules = [_keys(rule) for rule in _items(content.get("channels"))]
    platforms = _platforms(entries)
    # What a select calls its platforms shows once it is read: `trueup check` does.
    is_open = any(_names_platforms(name, _keys(entry)) for name, entry in entries.items())
    for index, rule in enumerate(rules):
        if (platform := rule.get("platform")) and platform not in platforms and not is_open:
            yield f"channels.{index}.platform: {platform} is not among the sources or their feeds"
    named = {*channels.NAMES, *(rule.get("channel") for rule in rules)}
    for target in _keys(content.get("targets")):
        if target not in named:
            yield f"targets.{target}: no channel rule names this channel"
    declared = [_keys(one) for one in _items(content.get("retargeting"))]
    for index, one in enumerate(declared):
        if (platform := one.get("platform")) and platform not in platforms and not is_open:
            at = f"retargeting.{index}.platform"
            yield f"{at}: {platform} is not among the sources or their feeds"
        if one in declared[:index]:
            yield f"retargeting.{index}: the same is declared twice"


def _of_topics(content: dict[Any, Any]) -> Iterator[str]:
    """An offer that a page's topic names and no pattern finds in an ad: a slip of the pen."""
    known = [
        _keys(one).get("offer") for one in _items(_keys(content.get("creatives")).get("offers"))
    ]
    for place, topic in enumerate(_items(_keys(content.get("landing_pages")).get("topics"))):
        for offer in _items(_keys(topic).get("offers")):
            if offer not in known:
                yield f"landing_pages.topics.{place}.offers: {offer} is none of creatives.offers"


def _platforms(entries: dict[Any, Any]) -> list[Any]:
    options = [_keys(entry).get("options") for entry in entries.values()]
    return [*entries, *(feed.get("name") for one in options for feed in feeds(one))]


def _names_platforms(name: Any, entry: dict[Any, Any]) -> bool:
    """Whether rows of the source may name platforms nobody has listed."""
    options = _keys(entry.get("options"))
    if name not in registry.NAMES or not feeds(options):
        return False
    return not list(registry.load(name).option_problems(options))


def _keys(value: Any) -> dict[Any, Any]:
    return value if isinstance(value, dict) else {}


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
