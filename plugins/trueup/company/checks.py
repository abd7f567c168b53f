"""What no field of the company file can see on its own: names that must exist elsewhere in it, or
in a source, and things that must not be there twice.

Reads the file's bare content, so that these problems show in the same pass as those of the
fields; whatever is not of the right kind is passed over here, because the fields report it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trueup.sources import registry
from trueup.sources.contract import Source


def problems(content: Any) -> Iterator[str]:
    """Every such problem of the file, each with its path."""
    content = _keys(content)
    entries = _keys(content.get("sources"))
    for name, entry in entries.items():
        if name in registry.NAMES:
            yield from _of_source(f"sources.{name}", _keys(entry), registry.load(name))
        else:
            known = ", ".join(registry.NAMES)
            yield f"sources.{name}: no such source; there are {known}"
    yield from _of_goals(_keys(content.get("goals")), list(entries))
    rules = [_keys(rule) for rule in _items(content.get("channels"))]
    platforms = [
        *entries,
        *(feed.get("name") for entry in entries.values() for feed in _feeds(entry)),
    ]
    for index, rule in enumerate(rules):
        if (platform := rule.get("platform")) and platform not in platforms:
            yield f"channels.{index}.platform: {platform} is not among the sources or their feeds"
    channels = [rule.get("channel") for rule in rules]
    for target in _keys(content.get("targets")):
        if target not in channels:
            yield f"targets.{target}: no channel rule names this channel"


def _of_source(at: str, entry: dict[Any, Any], source: Source) -> Iterator[str]:
    credentials, options = _keys(entry.get("credentials")), _keys(entry.get("options"))
    streams = [stream.name for stream in source.streams]
    url = entry.get("base_url")
    for role in source.secrets_at(url if isinstance(url, str) else None):
        if role not in credentials:
            yield f"{at}.credentials.{role}: missing; name the secret that holds it"
    for role in credentials:
        if role not in source.secrets:
            yield f"{at}.credentials.{role}: {source.name} has no such secret"
    for option in options:
        if option not in source.options:
            known = sorted(source.options)
            yield f"{at}.options.{option}: unknown option (misspelt?); {source.name} knows {known}"
    for stream in _items(entry.get("allow_empty")):
        if stream not in streams:
            yield f"{at}.allow_empty: {source.name} has no stream {stream}"
    for index, feed in enumerate(_feeds(entry)):
        if feed.get("stream") not in streams:
            yield f"{at}.options.feeds.{index}.stream: {feed.get('stream')} is none of {streams}"
    accounts = [_keys(account).get("id") for account in _items(entry.get("accounts"))]
    if source.secrets and not accounts:
        yield f"{at}.accounts: missing; name the account to ask for"
    for index, account in enumerate(accounts):
        if account in accounts[:index]:
            yield f"{at}.accounts.{index}.id: {account} is there twice"


def _of_goals(goals: dict[Any, Any], known: list[Any]) -> Iterator[str]:
    mapped: list[tuple[Any, Any]] = []
    for goal, settings in goals.items():
        for index, mapping in enumerate(_items(_keys(settings).get("mappings"))):
            at = f"goals.{goal}.mappings.{index}"
            source, selector = _keys(mapping).get("source"), _keys(mapping).get("selector")
            if source not in known:
                yield f"{at}.source: {source} is not among the sources"
            if (source, selector) in mapped:
                yield f"{at}: {source} {selector!r} is mapped twice, and would count twice"
            mapped.append((source, selector))


def _feeds(entry: Any) -> list[dict[Any, Any]]:
    return [_keys(feed) for feed in _items(_keys(_keys(entry).get("options")).get("feeds"))]


def _keys(value: Any) -> dict[Any, Any]:
    return value if isinstance(value, dict) else {}


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
