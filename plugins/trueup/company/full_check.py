"""Everything that is wrong with the company file and what it names, at once: `trueup check`."""

from __future__ import annotations

from collections import defaultdict
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
            access = found.company.access(name, folder, defaultdict(str))
            names = checks.named(found.content, name)
            yield from (f"sources.{name}.{text}" for text in source.problems(access, names))


def _of_secrets(company: Company | None) -> Iterator[str]:
    if not company:
        return
    known = [name for name in company.sources if company.known(name)]
    wanted = {secret for name in known for secret in company.secret_names(name)}
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
    told = set()
    for kept_under in company.all_credentials(source):
        roles = {role: values[name] for role, name in kept_under.items() if name in values}
        if roles and len(roles) == len(kept_under):
            found = registry.load(source).problems_of_secrets(roles)
            told |= {f"secret {kept_under[role]}: {why}" for role, why in found}
    yield from sorted(told)
