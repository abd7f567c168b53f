"""Airflow's pages answer to their own host names alone.

A page of another site can have its name point to 127.0.0.1 (DNS rebinding) and then speak to
whatever listens here as if it were its own. What the request says it was sent to gives it away.
"""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlsplit

from airflow.configuration import conf
from airflow.plugins_manager import AirflowPlugin
from starlette.middleware.trustedhost import TrustedHostMiddleware

#: What the machine calls itself; pages of other sites are never of these names.
OWN = ("localhost", "127.0.0.1")


def own_hosts() -> list[str]:
    """The hosts of Airflow's own addresses, as pages and tasks use them."""
    urls = [
        conf.get("api", "base_url", fallback=""),
        conf.get("core", "execution_api_server_url", fallback=""),
    ]
    return sorted({*OWN, *(host for url in urls if (host := urlsplit(url or "").hostname))})


class OwnHosts(AirflowPlugin):
    name = "own_hosts"
    fastapi_root_middlewares: ClassVar[list[dict[str, Any]]] = [
        {
            "name": "own hosts",
            "middleware": TrustedHostMiddleware,
            "kwargs": {"allowed_hosts": own_hosts(), "www_redirect": False},
        }
    ]
