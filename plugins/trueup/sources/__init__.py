"""The registry of sources. Naming them costs nothing; loading one imports its module."""

from __future__ import annotations

from importlib import import_module

from trueup.streams import Source

NAMES = ("files", "fx_rates", "ga4", "google_ads", "hubspot", "meta_ads", "shopify")


def load(name: str) -> Source:
    """The source called `name`; its module holds it as `SOURCE`."""
    if name not in NAMES:
        raise KeyError(f"no source called {name!r}; there are: {', '.join(NAMES)}")
    return import_module(f"trueup.sources.{name}").SOURCE


def load_all() -> tuple[Source, ...]:
    return tuple(load(name) for name in NAMES)
