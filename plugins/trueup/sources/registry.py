"""The registry of sources. Naming them costs nothing; loading one imports its module."""

from __future__ import annotations

import os
from importlib import import_module

from trueup.sources.contract import Source
from trueup.sources.shapes import SET_ASIDE, SHAPES

# dlt asks Airflow for secrets wherever it is installed, which imports all of it (7 s); sources
# are handed theirs.
os.environ.setdefault("PROVIDERS__ENABLE_AIRFLOW_SECRETS", "false")

NAMES = (
    "awin",
    "cloudbeds",
    "conversions_api",
    "files",
    "fx_rates",
    "ga4",
    "google_ads",
    "gtm",
    "hubspot",
    "meta_ads",
    "search_console",
    "shopify",
)


def load(name: str) -> Source:
    """The source called `name`; its module holds it as `SOURCE`."""
    if name not in NAMES:
        raise KeyError(f"no source called {name!r}; there are: {', '.join(NAMES)}")
    return import_module(f"trueup.sources.{name}").SOURCE


def load_all() -> tuple[Source, ...]:
    return tuple(load(name) for name in NAMES)


def customer_sites() -> list[str]:
    """Hosts below which each customer of a vendor has a site of their own."""
    return [site for source in load_all() for site in source.customer_sites]


def shape_sources() -> dict[str, list[str]]:
    """The sources whose staging folders provide each shape, and `set_aside`, by its name."""
    sources = load_all()
    return {
        shape.name: [source.name for source in sources if shape.name in source.shapes]
        for shape in (*SHAPES, SET_ASIDE)
    }
