"""Everything that is wrong with the company file and what it names, at once: `trueup check`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from trueup import settings
from trueup.company import checks
from trueup.company.company_file import Company, Examined, examine
from trueup.errors import MissingSecrets
from trueup.landing import personal_data
from trueup.sources import registry


def problems(path: Path) -> tuple[str, ...]:
    """Every problem of the file at `path`, of the files and selects its sources name, and every
    secret that is not set."""
    found = examine(path)
    return (*found.problems, *_of_sources(found, path.parent), *_of_secrets(found.company))


def _of_sources(found: Examined, folder: Path) -> Iterator[str]:
    if not found.company:
        return
    for name in found.company.sources:
        source = found.company.known(name)
        if source and source.problems:
            secrets = dict.fromkeys(found.company.credentials(name).values(), "")
            access = found.company.access(name, folder, secrets)
            names = checks.named(found.content, name)
            at = f"sources.{name}.options"
            yield from (f"{at}.{text}" for text in source.problems(access, names))


def _of_secrets(company: Company | None) -> Iterator[str]:
    if not company:
        return
    known = [name for name in company.sources if company.known(name)]
    wanted = {secret for name in known for secret in company.secret_names(name)}
    wanted |= company.alerts.secret_names()
    values: dict[str, str] = {}
    for secret in sorted(wanted):
        try:
            values |= settings.resolve_secrets([secret])
        except MissingSecrets:
            variable = settings.SECRET_PREFIX + secret.upper()
            yield (
                f"secret {secret}: not set in {variable}; an Airflow Connection {secret} would"
                " count in Airflow's tasks, and is not seen from here"
            )
    if settings.HASH_KEY in values and (why := personal_data.weakness(values[settings.HASH_KEY])):
        yield (
            f"secret {settings.HASH_KEY}: too weak, {why}; one that will do is printed by"
            ' `python -c "import secrets; print(secrets.token_hex(32))"`'
        )
    for name in known:
        yield from _of_values(company, name, values)


def _of_values(company: Company, source: str, values: dict[str, str]) -> Iterator[str]:
    """What a source sees wrong with its secrets, once all of them are set. No value is told."""
    module, kept_under = registry.load(source), company.credentials(source)
    roles = {role: values[name] for role, name in kept_under.items() if name in values}
    if not module.secret_problems or not roles or len(roles) < len(kept_under):
        return
    for role, why in module.secret_problems(roles):
        yield f"secret {kept_under[role]}: {why}"
