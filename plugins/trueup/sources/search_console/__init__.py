"""Google Search Console: what people searched for on Google and which of the site's pages they saw.

What it fetches: stream `performance`, clicks, impressions and position by day, page and query,
    with what Google names no query for as rows of its own.
Flow: signed assertion -> access token -> searchAnalytics.query by day, page and query; by day and
    page; by day. What the coarser answer has more than the finer one is the rest, per page and
    day. Fresh days come as they are, marked as not final, and are fetched again until they are.
Secrets: `service_account`, the JSON text of a Google service-account key whose address is a user
    of the property (Restricted is enough).
By hand: `trueup land search_console`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from trueup.sources import forms, google_keys
from trueup.sources.contract import (
    Access,
    CompanyNames,
    ControlTotal,
    Option,
    Page,
    Source,
    Stream,
)
from trueup.sources.search_console.streams import API_VERSION, SEARCH_TYPES, STATES, STREAMS, ZONE
from trueup.window import Window


def extract(access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    """The property's rows of `stream` in `window` (days of the Pacific coast)."""
    from trueup.sources import pieces
    from trueup.sources.search_console import client

    asked = client.asked_property(access, stream, window)
    yield from asked.before(window)
    yield from pieces.by_days(window, asked.ask)
    for name, total in asked.totals.items() if not asked.is_uncertain else ():
        yield ControlTotal(name, total)


def written_through(access: Access, stream: Stream, day: date) -> date:
    """The newest day up to `day` that Google shows anything of."""
    from trueup.sources.search_console import client

    return client.newest_shown(access, stream, day)


def problems(access: Access, names: CompanyNames) -> Iterable[str]:
    """Properties that are none, that count in another zone, or that lie within one another."""
    properties = [account.id for account in access.accounts]
    for index, account in enumerate(access.accounts):
        if account.time_zone != ZONE:
            yield (
                f"accounts.{index}.time_zone: Google counts the days of {account.id} in {ZONE},"
                " whatever the site's"
            )
    for index, one in enumerate(properties):
        at = f"accounts.{index}.id"
        if not one.startswith("sc-domain:") and not (
            one.startswith(("http://", "https://")) and one.endswith("/")
        ):
            yield (
                f"{at}: {one!r} is not written as a property; write sc-domain:example.com, or a"
                " prefix with its https:// and its last slash, such as https://www.example.com/"
            )
        for other in properties:
            if one != other and _holds(one, other):
                yield f"{at}: {other} lies within {one}: its searches would be counted twice"


def _holds(one: str, other: str) -> bool:
    """Whether all of property `other` is in `one` too."""
    if not one.startswith("sc-domain:"):
        return other.startswith(one)
    return _is_below(_host(other), _host(one))


def _host(property: str) -> str:
    host = property.removeprefix("sc-domain:")
    return (host.partition("://")[2] or host).partition("/")[0].partition(":")[0].lower()


def _is_below(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")


def remarks(access: Access, names: CompanyNames) -> Iterable[str]:
    """Properties of sites that are not the company's own, as far as it names any."""
    for index, account in enumerate(access.accounts):
        host = _host(account.id)
        if names.own_hosts and not any(_is_below(host, one) for one in names.own_hosts):
            yield (
                f"accounts.{index}.id: {account.id} is a site of none of own_domains"
                f" ({', '.join(names.own_hosts)}): pages of a search and of a visit do not meet"
            )


SOURCE = Source(
    name="search_console",
    api_version=API_VERSION,
    streams=STREAMS,
    extract=extract,
    shapes=("search_performance", "set_aside"),
    secrets=("service_account",),
    written_through=written_through,
    problems=problems,
    remarks=remarks,
    secret_problems=google_keys.secret_problems,
    options={
        "search_types": Option(
            "which searches, of web, image, video and news (default: web alone)",
            forms.some_of(*SEARCH_TYPES),
        ),
        "data_state": Option(
            "all: with days that are not final yet (default); final: without them",
            forms.one_of(*STATES),
        ),
    },
)
