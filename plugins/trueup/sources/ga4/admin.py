"""What a property is set to, over the Admin API: read-only questions, fourteen for a usual one.

The steady version of the API is asked for what it knows, the early one for the rest. Who changed a
setting only the history of changes says, which takes the right to edit: it is not asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from trueup.errors import AccessDenied, BrokenContract, TrueupError, UnknownRefusal
from trueup.sources import bounds, http
from trueup.sources.contract import Access, Page, Stream
from trueup.sources.ga4 import admin_rows
from trueup.sources.ga4.admin_address import address
from trueup.sources.ga4.admin_refusals import judge
from trueup.sources.google_service_account import authorise, read_key
from trueup.window import Window

SCOPE = "https://www.googleapis.com/auth/analytics.readonly"
STEADY, EARLY = "v1beta", "v1alpha"
PAGE_SIZE = 200
#: What a property has one of, and what it lists: the version that knows it.
OF_PROPERTY = {
    "dataRetentionSettings": STEADY,
    "attributionSettings": EARLY,
    "googleSignalsSettings": EARLY,
    "reportingIdentitySettings": EARLY,
    "userProvidedDataSettings": EARLY,
}
LISTED = {
    "keyEvents": STEADY,
    "dataStreams": STEADY,
    "googleAdsLinks": STEADY,
    "bigQueryLinks": EARLY,
}
#: What each stream of a site has besides. The names in the answers are those of the path.
OF_STREAM = ("enhancedMeasurementSettings", "dataRedactionSettings")
LISTED_OF_STREAM = ("eventCreateRules", "eventEditRules")
#: Lists that the answer calls otherwise than its path does.
CALLED = {"bigQueryLinks": "bigqueryLinks"}

Found = dict[str, Any]


@dataclass
class Answers:
    """All that was answered of a property. `one` holds what there is one of, by the name of its
    resource, None where it is refused; `listed` the rest, by the name of the list."""

    property: Found
    one: dict[str, Found | None] = field(default_factory=dict)
    listed: dict[str, list[Found]] = field(default_factory=dict)
    refused: dict[str, TrueupError] = field(default_factory=dict)


def extract(access: Access, stream: Stream, window: Window) -> Iterator[Page]:
    """What the property is set to now, whatever day is asked for."""
    answers = Property(access, stream, window).answers()
    yield from admin_rows.pages(answers, access.account)


class Property:
    """One property, asked on behalf of one window."""

    def __init__(self, access: Access, stream: Stream, window: Window) -> None:
        key = read_key(access.secrets["service_account"], http.place_of(access, stream, window))
        self._name = f"properties/{access.account.id}"
        self._api = http.Api(
            access,
            stream,
            window,
            judge=judge,
            auth=authorise(access, key, stream, window, SCOPE),
            base_url=address(access) or "",
        )

    def answers(self) -> Answers:
        answers = Answers(self._ask(STEADY, self._name))
        if answers.property.get("name") != self._name:
            raise self._odd("another property than the one asked for")
        for name, version in OF_PROPERTY.items():
            self._one(answers, version, f"{self._name}/{name}")
        for name, version in LISTED.items():
            answers.listed[name] = self._listed(version, f"{self._name}/{name}", name)
        for stream in answers.listed["dataStreams"]:
            if stream.get("type") == "WEB_DATA_STREAM" and isinstance(stream.get("name"), str):
                self._of_stream(answers, stream["name"])
        return answers

    def _of_stream(self, answers: Answers, path: str) -> None:
        for name in OF_STREAM:
            self._one(answers, EARLY, f"{path}/{name}")
        for name in LISTED_OF_STREAM:
            answers.listed[f"{path}/{name}"] = self._listed(EARLY, f"{path}/{name}", name)

    def _one(self, answers: Answers, version: str, path: str) -> None:
        """What is refused for good costs itself: nobody says then what it is set to."""
        try:
            answers.one[path] = self._ask(version, path)
        except (AccessDenied, BrokenContract) as error:
            answers.one[path] = None
            answers.refused[path] = error

    def _listed(self, version: str, path: str, name: str) -> list[Found]:
        pages = self._api.held(self._pages(version, path, name), lambda page: not page)
        return [one for page in pages for one in page]

    def _pages(self, version: str, path: str, name: str) -> Iterator[list[Found]]:
        asked: dict[str, Any] = {"pageSize": PAGE_SIZE}
        cursors = bounds.Cursors(self._api.place)
        while True:
            answer = self._ask(version, path, **asked)
            found = answer.get(CALLED.get(name, name)) or []
            if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
                raise self._odd(f"no list of {name}")
            yield found
            if not answer.get("nextPageToken"):
                return
            asked["pageToken"] = cursors.step(answer["nextPageToken"])

    def _ask(self, version: str, path: str, **params: Any) -> Found:
        return self._api.object(f"{version}/{path}", params=params)

    def _odd(self, got: str) -> UnknownRefusal:
        return UnknownRefusal(
            "the Admin API's answer is not made as it makes them",
            **self._api.place,
            got=got,
            next_step="the task retries by itself; if it repeats, look at the property's settings",
        )
