"""The only reader of the environment. Reading costs nothing and touches no disk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from trueup.errors import MissingSecrets, TrueupError

SECRET_PREFIX = "TRUEUP_SECRET_"  # noqa: S105 -- the prefix of names, not a secret
#: Keys the HMAC under which e-mail, phone, name and IP land; every company needs one.
HASH_KEY = "hash_key"
#: By then the day is over in every zone from the reporting one to five hours further west (New
#: York, seen from Europe).
DUE_AFTER_HOURS = 6

SecretLookup = Callable[[str], str | None]


@dataclass(frozen=True)
class Settings:
    """Where things are and how patient we are. `home` holds all state (`TRUEUP_HOME`)."""

    home: Path
    company_file: Path
    http_attempts: int
    http_backoff_seconds: float
    http_timeout_seconds: float
    webhook_url: str | None
    webhook_key: str | None
    runbook_url: str
    gather_seconds: float
    deadline_minutes: int
    project: Path

    @property
    def dbt_project(self) -> Path:
        return self.project / "dbt_project"

    @property
    def expectations(self) -> Path:
        return self.project / "expectations"


def keep_private() -> None:
    """What this process and those it starts write from now on is for its own user alone: state
    holds a company's money and hashes of its customers."""
    os.umask(0o077)


def read(environment: Mapping[str, str] | None = None) -> Settings:
    env = os.environ if environment is None else environment
    project = Path(env.get("TRUEUP_PROJECT", Path(__file__).parents[2])).resolve()
    return Settings(
        home=Path(env.get("TRUEUP_HOME", project / "var")).resolve(),
        company_file=Path(env.get("TRUEUP_COMPANY", project / "company.yml")).resolve(),
        http_attempts=_whole(env, "TRUEUP_HTTP_ATTEMPTS", 6),
        http_backoff_seconds=_number(env, "TRUEUP_HTTP_BACKOFF_SECONDS", 1.0),
        http_timeout_seconds=_number(env, "TRUEUP_HTTP_TIMEOUT_SECONDS", 120.0),
        webhook_url=env.get("TRUEUP_WEBHOOK_URL") or None,
        webhook_key=env.get("TRUEUP_WEBHOOK_KEY") or None,
        runbook_url=env.get("TRUEUP_RUNBOOK_URL") or "",
        gather_seconds=_number(env, "TRUEUP_GATHER_SECONDS", 60.0),
        deadline_minutes=_whole(env, "TRUEUP_DEADLINE_MINUTES", 180),
        project=project,
    )


def _whole(env: Mapping[str, str], name: str, default: int) -> int:
    return int(_number(env, name, default))


def _number(env: Mapping[str, str], name: str, default: float) -> float:
    try:
        return float(env.get(name) or default)
    except ValueError:
        raise TrueupError(
            f"{name} is not a number", got=repr(env[name]), next_step="correct it, or unset it"
        ) from None


def secret_variable(name: str) -> str:
    """The variable the secret called `name` is kept in; a shell takes no dash in one."""
    return SECRET_PREFIX + name.upper().replace("-", "_")


def set_secret_variables() -> list[str]:
    """The variables of secrets that are set, whoever wants them."""
    return sorted(
        name for name, value in os.environ.items() if name.startswith(SECRET_PREFIX) and value
    )


def environment_secret(name: str) -> str | None:
    """The secret called `name`, from its variable."""
    return os.environ.get(secret_variable(name)) or None


def resolve_secrets(
    names: Iterable[str], lookups: Iterable[SecretLookup] = (environment_secret,)
) -> dict[str, str]:
    """Every named secret, from the first lookup that knows it; all missing ones in one error."""
    chain = tuple(lookups)
    found = {}
    missing = []
    for name in names:
        value = next((hit for look in chain if (hit := look(name))), None)
        if value is None:
            missing.append(name)
        else:
            found[name] = value
    if missing:
        variables = ", ".join(map(secret_variable, missing))
        raise MissingSecrets(
            f"{len(missing)} secret(s) are not set: {', '.join(missing)}",
            next_step=f"set {variables}, or, for Airflow's tasks, create a Connection of that id",
        )
    return found
