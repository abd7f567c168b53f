"""The vendors as one web application, plus a back door to move the clock and order faults."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request

from sandbox.desk import Desk

VENDORS = ("bigquery", "fx_rates", "google_ads", "hubspot", "meta_ads", "shopify")


def create_app(world: Path, state: Path) -> FastAPI:
    """The application; vendor V answers below `/V`. `app.state.desk` is the shared desk."""
    app = FastAPI(openapi_url=None)
    app.state.desk = desk = Desk(world, state)
    for vendor in VENDORS:
        app.include_router(import_module(f"sandbox.vendors.{vendor}").router, prefix=f"/{vendor}")

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
    async def count_calls(request: Request, call_next: Any) -> Any:
        desk.calls[request.url.path.split("/")[1]] += 1
        return await call_next(request)

    return app


def desk_of(request: Request) -> Desk:
    """FastAPI dependency: the desk of the application a request came to."""
    return request.app.state.desk
