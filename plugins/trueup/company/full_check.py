"""Everything that is wrong with the company file and what it names, at once: `trueup check`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trueup import settings
from trueup.company import checks, sound
from trueup.company.company_file import Company, examine
from trueup.errors import MissingSecrets
from trueup.landing import personal_data
from trueup.sources import registry


@dataclass(frozen=True)
class Found:
    """What is wrong with the file, and with the files and selects its sources name; and with the
    secrets, which are not in it."""

    problems: tuple[str, ...]
    secrets: tuple[str, ...]


def look(path: Path) -> Found:
    """All that is wrong with the file at `path`, as far as its parts can be read."""
    found = examine(path)
    if company := found.company:
        whole = list(company.sources)
    else:
        company, whole = sound.part(found.content, path.parent)
    of_sources = _of_sources(company, whole, found.content, path.parent)
    of_accounts = checks.problems_of_accounts(found.content)
    return Found((*found.problems, *of_accounts, *of_sources), tuple(_of_secrets(company)))


def problems(path: Path) -> tuple[str, ...]:
    """The same in one list."""
    found = look(path)
    return (*found.problems, *found.secrets)


def _of_sources(
    company: Company, whole: Iterable[str], content: Any, folder: Path
) -> Iterator[str]:
    for name in whole:
        source = company.known(name)
        if source and source.problems:
            access = company.access(name, folder, defaultdict(str))
            names = checks.named(content, name)
            yield from (f"sources.{name}.{text}" for text in source.problems(access, names))


def _of_secrets(company: Company) -> Iterator[str]:
    known = [name for name in company.sources if company.known(name)]
    wanted = {secret for name in known for secret in company.secret_names(name)}
    wanted |= company.alerts.secret_names()
    values: dict[str, str] = {}
    for secret in sorted(wanted):
        try:
            values |= settings.resolve_secrets([secret])
        except MissingSecrets:
            variable = settings.secret_variable(secret)
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
    """What a source sees wrong with its secrets, once all of them are set. No value is shown."""
    problems = set()
    for kept_under in company.all_credentials(source):
        roles = {role: values[name] for role, name in kept_under.items() if name in values}
        if roles and len(roles) == len(kept_under):
            found = registry.load(source).problems_of_secrets(roles)
            problems |= {f"secret {kept_under[role]}: {why}" for role, why in found}
    yield from sorted(problems)
