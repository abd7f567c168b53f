"""Everything that is wrong with the company file and what it names, at once: `trueup check`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from trueup import settings
from trueup.company import checks
from trueup.company.company_file import Company, Examined, examine
from trueup.errors import MissingSecrets
from trueup.landing import personal_data


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
    for secret in sorted(wanted):
        try:
            found = settings.resolve_secrets([secret])
            if secret == settings.HASH_KEY and (why := personal_data.weakness(found[secret])):
                yield f"secret {secret}: too weak, {why}"
        except MissingSecrets:
            variable = settings.SECRET_PREFIX + secret.upper()
            yield f"secret {secret}: not set, neither as an Airflow Connection nor in {variable}"
