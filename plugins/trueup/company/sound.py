"""The sound part of a company file of which some fields are not, so that a check of all of it does
not end with the first kind of mistake."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from trueup.company.company_file import Company
from trueup.company.parts import History, Part, Reporting, SourceEntry
from trueup.company.secret_names import SecretName
from trueup.sources import registry

#: What stands in for a part that is not sound: enough to read files and to look for secrets.
REPORTING = Reporting(time_zone="UTC", currency="EUR")
HISTORY = History(start=date(2000, 1, 1))
_NAME: TypeAdapter[str] = TypeAdapter(SecretName)
Some = TypeVar("Some", bound=Part)


def part(content: Any, folder: Path) -> tuple[Company, list[str]]:
    """A company of the file's sources, and the names of those of which every field is sound; of
    the others it knows the secrets alone. `content` is the bare file, in `folder`."""
    content = _keys(content)
    entries = {
        name: _keys(entry)
        for name, entry in _keys(content.get("sources")).items()
        if name in registry.NAMES
    }
    whole = {
        name: one
        for name, entry in entries.items()
        if (one := _validated(SourceEntry, entry)) is not None
    }
    company = Company.model_construct(
        name="company",
        title="",
        goals={},
        reporting=_validated(Reporting, content.get("reporting")) or REPORTING,
        history=_validated(History, content.get("history")) or HISTORY,
        sources={name: whole.get(name) or _secrets_alone(entry) for name, entry in entries.items()},
    )
    company._folder = folder
    return company, list(whole)


def _secrets_alone(entry: dict[Any, Any]) -> SourceEntry:
    url = entry.get("base_url")
    named = {
        str(role): name for role, name in _keys(entry.get("credentials")).items() if _is_name(name)
    }
    return SourceEntry(
        base_url=url if isinstance(url, str) else None,
        credentials=named,
        options={str(key): value for key, value in _keys(entry.get("options")).items()},
    )


def _validated(kind: type[Some], given: Any) -> Some | None:
    try:
        return kind.model_validate(given)
    except ValidationError:
        return None


def _is_name(given: Any) -> bool:
    try:
        return bool(_NAME.validate_python(given, strict=True))
    except ValidationError:
        return False


def _keys(value: Any) -> dict[Any, Any]:
    return value if isinstance(value, dict) else {}
