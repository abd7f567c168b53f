"""The container over REST, at the pace its vendor allows."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from trueup.errors import UnknownRefusal
from trueup.sources import bounds, http
from trueup.sources.bounds import LostPage
from trueup.sources.contract import Access, Stream
from trueup.sources.google_service_account import authorise, read_key
from trueup.sources.gtm.refusals import judge
from trueup.sources.gtm.streams import PAUSE_SECONDS
from trueup.window import Window

GOOGLE_URL = "https://tagmanager.googleapis.com"
SCOPE = "https://www.googleapis.com/auth/tagmanager.readonly"
#: What the header of a version counts -> where the version lists it.
COUNTED = {
    "numTags": "tag",
    "numTriggers": "trigger",
    "numVariables": "variable",
    "numCustomTemplates": "customTemplate",
    "numClients": "client",
    "numTransformations": "transformation",
    "numZones": "zone",
    "numGtagConfigs": "gtagConfig",
}

Found = dict[str, Any]


@dataclass(frozen=True)
class Live:
    """A container, its environments, and its live version; None where none was ever published."""

    container: Found
    environments: list[Found]
    version: Found | None


class Container:
    """One container, asked on behalf of one window."""

    def __init__(self, access: Access, stream: Stream, window: Window) -> None:
        place = http.place_of(access, stream, window)
        key = read_key(access.secrets["service_account"], place)
        self._public_id = access.account.id
        self._pause = float(access.options.get("seconds_between_requests", PAUSE_SECONDS))
        self._api = http.Api(
            access,
            stream,
            window,
            judge=partial(judge, pause=self._pause),
            auth=authorise(access, key, stream, window, SCOPE),
            base_url=access.base_url or GOOGLE_URL,
        )

    def live(self) -> Live:
        """What is live. Raises LostPage where an answer is not whole, or not of this moment."""
        container = self._ask("accounts/containers:lookup", tagId=self._public_id)
        path = container.get("path")
        if not isinstance(path, str) or container.get("publicId") != self._public_id:
            raise self._odd("another container than the one asked for")
        environments = self._listed(f"{path}/environments", "environment")
        live = next((one for one in environments if one.get("type") == "live"), {})
        # The live environment of a container that was never published names no version, or 0.
        if environments and str(live.get("containerVersionId") or "0") == "0":
            return Live(container, environments, None)
        version = self._ask(f"{path}/versions:live")
        self._check(container, live, version)
        self._count(path, version)
        return Live(container, environments, version)

    def _check(self, container: Found, live: Found, version: Found) -> None:
        if version.get("containerId") != container.get("containerId"):
            raise self._odd("the version of another container")
        named, got = live.get("containerVersionId"), version.get("containerVersionId")
        if not got or (named and str(named) != str(got)):
            raise LostPage(
                "a version was published while the container was read",
                **self._api.place,
                expected=f"version {named}",
                got="another version",
                next_step="nothing: the next run reads it again",
            )

    def _count(self, path: str, version: Found) -> None:
        """Hold the version against its header: a tag that an answer lost was not removed."""
        wanted = str(version["containerVersionId"])
        headers = self._listed(f"{path}/version_headers", "containerVersionHeader")
        header = next((h for h in headers if str(h.get("containerVersionId")) == wanted), {})
        for name, listed in COUNTED.items():
            found = version.get(listed) or []
            if name in header and str(header[name]) != str(len(found)):
                raise LostPage(
                    f"the live version does not hold as many objects ({listed}) as its header says",
                    **self._api.place,
                    expected=f"{listed} as counted in the header of the version",
                    got=f"{len(found)}",
                    next_step="the task retries by itself; if it lasts, compare with the container",
                )

    def _listed(self, path: str, name: str) -> list[Found]:
        pages = self._api.held(self._pages(path, name), lambda page: not page)
        return [one for page in pages for one in page]

    def _pages(self, path: str, name: str) -> Iterator[list[Found]]:
        asked: dict[str, Any] = {}
        cursors = bounds.Cursors(self._api.place)
        while True:
            answer = self._ask(path, **asked)
            found = answer.get(name) or []
            if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
                raise self._odd(f"no list of {name}")
            yield found
            if not answer.get("nextPageToken"):
                return
            asked["pageToken"] = cursors.step(answer["nextPageToken"])

    def _ask(self, path: str, **params: Any) -> Found:
        time.sleep(self._pause)
        return self._api.object(f"tagmanager/v2/{path}", params=params)

    def _odd(self, got: str) -> UnknownRefusal:
        return UnknownRefusal(
            "Tag Manager's answer is not made as it makes them",
            **self._api.place,
            got=got,
            next_step="the task retries by itself; if it repeats, look at the container in Tag"
            " Manager",
        )
