"""Where the DAGs' secrets come from: Airflow's Connections, then the environment."""

from __future__ import annotations

from airflow.sdk import Connection
from airflow.sdk.exceptions import AirflowNotFoundException

from trueup import settings


def connection_secret(name: str) -> str | None:
    """The password of the Airflow Connection called `name`, or None if there is none."""
    try:
        return Connection.get(name).password
    except AirflowNotFoundException:
        return None


SECRET_LOOKUPS = (connection_secret, settings.environment_secret)
