"""What is wrong with the secrets a company file names: those that are not set, and values that
cannot be right. No value is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from trueup import settings
from trueup.company import secret_names
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
            yield (
                f"secret {secret}: not set in {settings.secret_variable(secret)}"
                f"{_near(secret, wanted)}; an Airflow Connection {secret} would count in Airflow's"
                " tasks, and is not seen from here"
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
    yield from _of_values(company, known, sound)


def _near(secret: str, wanted: Iterable[str]) -> str:
    """A variable that is set, that nobody wants, and whose name is nearly that of `secret`."""
    start = len(settings.SECRET_PREFIX)
    unwanted = set(settings.set_secret_variables()) - set(map(settings.secret_variable, wanted))
    names = [name[start:].lower() for name in unwanted]
    names = [name for name in names if not secret_names.looks_pasted(name)]
    near = get_close_matches(secret.replace("-", "_"), sorted(names), n=1, cutoff=0.85)
    return "".join(f"; {settings.secret_variable(name)} is set (misspelt?)" for name in near)


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


def _of_values(
    company: Company, sources: Iterable[str], values: Mapping[str, str]
) -> Iterator[str]:
    """What sources see wrong with their secrets, once all of one are set; each fault once, with
    the sources that use the secret."""
    faults: dict[tuple[str, str], list[str]] = {}
    for source in sources:
        for kept_under in company.all_credentials(source):
            roles = {role: values[name] for role, name in kept_under.items() if name in values}
            if not roles or len(roles) < len(kept_under):
                continue
            for role, why in registry.load(source).problems_of_secrets(roles):
                users = faults.setdefault((kept_under[role], why), [])
                users += [source] if source not in users else []
    for (secret, why), users in sorted(faults.items()):
        yield f"secret {secret} ({', '.join(users)}): {why}"
