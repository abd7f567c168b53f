"""Accounts whose money is in a currency that nothing in the company file gives a rate of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trueup.sources import registry
from trueup.sources.contract import Source
from trueup.sources.currencies import CODES
from trueup.sources.euro import BECAME_EURO, EURO

#: Shapes whose amounts are in the currency of the account.
MONEY = {"ad_performance", "account_spend", "orders", "order_money", "bookings", "deals"}


def problems(reporting: Mapping[Any, Any], entries: Mapping[Any, Any]) -> Iterator[str]:
    """Such accounts, each with its path. `reporting` and `entries` (of sources) are as the file
    has them."""
    own = reporting.get("currency")
    if own not in CODES:
        return  # the field reports it, as it does those of accounts
    fixed = reporting.get("fixed_rates")
    known = {own, *(fixed if isinstance(fixed, dict) else ()), *_quoted(entries)}
    if EURO in known:
        known |= set(BECAME_EURO)
    for name, source, entry in _loaded(entries):
        accounts = entry.get("accounts")
        if not MONEY & set(source.shapes) or not isinstance(accounts, list):
            continue
        for index, account in enumerate(accounts):
            currency = account.get("currency") if isinstance(account, dict) else None
            if currency in CODES and currency not in known:
                yield (
                    f"sources.{name}.accounts.{index}.currency: {currency} has no rate in {own}, so"
                    f" no amount of it would count; list it under {_where_rates_come_from()}, or"
                    f" set reporting.fixed_rates.{currency}"
                )


def _quoted(entries: Mapping[Any, Any]) -> Iterator[str]:
    for _, source, entry in _loaded(entries):
        options = entry.get("options")
        if source.quotes:
            yield from source.quotes(options if isinstance(options, dict) else {})


def _loaded(entries: Mapping[Any, Any]) -> Iterator[tuple[str, Source, Mapping[Any, Any]]]:
    for name, entry in entries.items():
        if name in registry.NAMES:
            yield name, registry.load(name), entry if isinstance(entry, dict) else {}


def _where_rates_come_from() -> str:
    named = [source.name for source in registry.load_all() if source.quotes]
    return ", ".join(f"the options of sources.{name}" for name in named)
