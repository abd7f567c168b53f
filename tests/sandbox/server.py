"""The vendors as one web application, plus a back door to move the clock and order faults."""

from __future__ import annotations

import json
from datetime import datetime
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any
from urllib.parse import parse_qsl

from fastapi import FastAPI, Request, Response

from sandbox import vendors
from sandbox.desk import Asked, Desk, Instead


def create_app(world: Path, state: Path) -> FastAPI:
    """The application; vendor V answers below `/V`. `app.state.desk` is the shared desk."""
    app = FastAPI(openapi_url=None)
    app.state.desk = desk = Desk(world, state)
    for vendor in sorted(one.name for one in iter_modules(vendors.__path__)):
        if router := getattr(import_module(f"{vendors.__name__}.{vendor}"), "router", None):
            app.include_router(router, prefix=f"/{vendor}")

    @app.get("/_sandbox/clock")
    def read_clock() -> dict[str, str]:
        return {"now": desk.now.isoformat()}

    @app.post("/_sandbox/clock")
    def set_clock(body: dict[str, str]) -> dict[str, str]:
        desk.set_clock(datetime.fromisoformat(body["now"]))
        return read_clock()

    @app.post("/_sandbox/faults")
    def order_fault(body: dict[str, Any]) -> dict[str, Any]:
        desk.order_fault(body["vendor"], body["fault"], body.get("times", 1))
        return body

    @app.middleware("http")
    async def count_and_spoil(request: Request, call_next: Any) -> Any:
        vendor = request.url.path.split("/")[1]
        desk.calls[vendor] += 1
        if not desk.is_spoiling(vendor):
            return await call_next(request)
        asked = await _read(request, vendor)
        answer = await call_next(request)
        text = b"".join([part async for part in answer.body_iterator]).decode()
        is_json = "json" in answer.headers.get("content-type", "")
        changed = desk.spoilt(vendor, asked, _content(text) if is_json else text)
        if changed is None:
            changed = Instead(answer.status_code, text, _kept_headers(answer.headers))
        elif not isinstance(changed, Instead):
            changed = Instead(answer.status_code, changed, _kept_headers(answer.headers))
        body = changed.content
        headers = {"content-type": "application/json"} | changed.headers
        return Response(
            body if isinstance(body, str | bytes) else json.dumps(body), changed.status, headers
        )

    return app


async def _read(request: Request, vendor: str) -> Asked:
    """The request with its query and body in one; what a body holds as JSON text is opened."""
    body = (await request.body()).decode()
    sent = _content(body) if body.startswith("{") else dict(parse_qsl(body))
    params = {**request.query_params, **sent}
    opened = {key: _content(value) if _is_json(value) else value for key, value in params.items()}
    return Asked(request.url.path.removeprefix(f"/{vendor}/"), opened)


def _is_json(value: Any) -> bool:
    return isinstance(value, str) and value[:1] in ("{", "[")


def _content(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _kept_headers(headers: Any) -> dict[str, str]:
    return {key: value for key, value in headers.items() if key != "content-length"}


async def desk_of(request: Request) -> Desk:
    """FastAPI dependency: the desk of the application a request came to. It waits for nothing, and
    FastAPI would hand it to a thread if it were not `async`."""
    return request.app.state.desk
