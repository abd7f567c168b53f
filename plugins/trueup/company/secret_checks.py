"""What is wrong with the secrets a company file names: those that are not set, and values that
cannot be right. No value is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trueup import settings
from trueup.company.company_file import Company
from trueup.errors import MissingSecrets
from trueup.landing import personal_data
from trueup.sources import registry

QUOTES = "'\"`“”‘’"


def problems(company: Company) -> Iterator[str]:
    known = [name for name in company.sources if company.known(name)]
    of_sources = {secret for name in known for secret in company.secret_names(name)}
    wanted = sorted(of_sources | company.alerts.secret_names())
    values: dict[str, str] = {}
    for secret in wanted:
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
    badly_copied = {
        secret: fault
        for secret, value in values.items()
        if (fault := _badly_copied(value, secret in of_sources)) and secret != settings.HASH_KEY
    }
    yield from (f"secret {secret}: {fault}" for secret, fault in badly_copied.items())
    sound = {secret: one for secret, one in values.items() if secret not in badly_copied}
    for name in known:
        yield from _of_values(company, name, sound)


def _badly_copied(value: str, is_of_source: bool) -> str | None:
    """What came along when the secret was copied. The key that hashes is none of it: whatever it
    holds is part of it. Passwords of receivers may have blanks inside, and JSON may anywhere."""
    bare = value.strip()
    if bare[:1] in QUOTES or bare[-1:] in QUOTES:
        return "has quotes around it, which are no part of it; set it without them"
    if bare.startswith(("{", "[")):
        return None
    if bare != value:
        return "has blanks or a line's end around it; set it without them"
    if is_of_source and len(bare.split()) > 1 and "-----BEGIN" not in bare:
        return "has blanks inside, as if more than the secret had been copied"
    return None


def _of_values(company: Company, source: str, values: Mapping[str, str]) -> Iterator[str]:
    """What a source sees wrong with its secrets, once all of them are set."""
    problems = set()
    for kept_under in company.all_credentials(source):
        roles = {role: values[name] for role, name in kept_under.items() if name in values}
        if roles and len(roles) == len(kept_under):
            found = registry.load(source).problems_of_secrets(roles)
            problems |= {f"secret {kept_under[role]}: {why}" for role, why in found}
    yield from sorted(problems)
