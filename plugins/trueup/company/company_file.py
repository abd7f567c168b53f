"""The company file: one business's configuration, validated in one pass.

Secrets are never in the file, only their names; values come from Airflow Connections or the
environment (settings.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from trueup.company import checks
from trueup.errors import CompanyFileError, TrueupError
from trueup.settings import DUE_AFTER_HOURS, HASH_KEY
from trueup.sources import registry
from trueup.sources.contract import Access, Account, Source


def _known_zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError(f"{value!r} is not an IANA time zone, such as Europe/Lisbon")
    return value


def _is_regex(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    return value


Zone = Annotated[str, AfterValidator(_known_zone)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217 code")]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Pattern = Annotated[str, AfterValidator(_is_regex)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AccountEntry(Part):
    id: str = Field(description="the vendor's account, customer, property or shop id")
    time_zone: Zone
    currency: Currency


class HeadlineClaim(Part):
    """Which of a platform's claim definitions is its headline number."""

    date_basis: Literal["click_date", "conversion_date", "impression_date"] = "click_date"
    click_window_days: int | None = None
    view_window_days: int | None = None
    include_view: bool = False


class SourceEntry(Part):
    base_url: str | None = Field(None, description="API root, or a bucket path for file exports")
    accounts: tuple[AccountEntry, ...] = ()
    credentials: dict[str, Name] = Field(
        default_factory=dict, description="the source's secret -> the name it is kept under"
    )
    options: dict[str, Any] = Field(default_factory=dict)
    allow_empty: tuple[str, ...] = Field((), description="streams whose days may hold no row")
    due_after_hours: int = Field(
        DUE_AFTER_HOURS,
        ge=1,
        le=72,
        description="hours from the end of a day, in the reporting zone, until it is landed;"
        " a GA4 property without the streaming export needs about 18",
    )
    headline_claim: HeadlineClaim | None = None


class GoalMapping(Part):
    source: Name
    selector: str
    is_headline: bool = True


class Goal(Part):
    tier: Literal["strong", "weak"]
    counts_as_revenue: bool
    margin_ratio: Decimal | None = Field(None, ge=0, le=1, description="margin / net revenue")
    mappings: tuple[GoalMapping, ...] = Field(min_length=1)


class ChannelRule(Part):
    """All conditions given must hold; the first rule that does names the channel."""

    channel: Name
    is_paid: bool = False
    platform: Name | None = None
    source: Pattern | None = None
    medium: Pattern | None = None
    campaign: Pattern | None = None
    click_id_kind: Literal["gclid", "fbclid"] | None = None
    campaign_type: str | None = None


class Target(Part):
    cpa: Decimal | None = Field(None, gt=0)
    roas: Decimal | None = Field(None, gt=0)


class History(Part):
    start: date = Field(description="the first day ever landed")
    end: date | None = Field(None, description="the last day there is; no run is scheduled after")

    @model_validator(mode="after")
    def _in_order(self) -> History:
        if self.end and self.end < self.start:
            raise ValueError(f"history ends on {self.end}, before it starts on {self.start}")
        return self


class Reporting(Part):
    time_zone: Zone
    currency: Currency


class Attribution(Part):
    lookback_days: int = Field(30, ge=1, le=400)
    settled_after_days: int = Field(30, ge=1, le=400)


class Company(Part):
    """`name` is also the folder of the company's state under `var/`."""

    name: Name
    title: str
    reporting: Reporting
    history: History
    attribution: Attribution = Attribution()
    sources: dict[Name, SourceEntry] = Field(min_length=1)
    goals: dict[Name, Goal] = Field(min_length=1)
    channels: tuple[ChannelRule, ...] = ()
    targets: dict[Name, Target] = Field(default_factory=dict)

    def module(self, source: str) -> Source:
        """The module of `source`. Raises TrueupError where the company has no such source."""
        if source not in self.sources:
            raise TrueupError(
                f"{self.name} has no source {source}",
                expected=", ".join(sorted(self.sources)),
                next_step="name one of these, or add it to the company file",
            )
        return registry.load(source)

    def secret_names(self, source: str | None = None) -> list[str]:
        """Names under which this company keeps its secrets: of one source, or of all."""
        chosen = [source] if source else list(self.sources)
        names = {name for one in chosen for name in self._credentials(one).values()}
        if any(registry.load(one).has_personal_data(self.sources[one].options) for one in chosen):
            names.add(HASH_KEY)
        return sorted(names)

    def access(self, source: str, folder: Path, secrets: Mapping[str, str]) -> Access:
        """What `source` may know. `secrets` maps the names kept under to their values."""
        entry = self.sources[source]
        return Access(
            source=source,
            base_url=(entry.base_url or "").rstrip("/"),
            accounts=tuple(Account(a.id, a.time_zone, a.currency) for a in entry.accounts),
            options=entry.options,
            history_start=self.history.start,
            reporting_zone=self.reporting.time_zone,
            reporting_currency=self.reporting.currency,
            folder=folder,
            secrets={role: secrets[name] for role, name in self._credentials(source).items()},
        )

    def _credentials(self, source: str) -> dict[str, str]:
        """The secrets `source` takes where it is read from -> the names they are kept under."""
        entry = self.sources[source]
        taken = registry.load(source).secrets_at(entry.base_url)
        return {role: name for role, name in entry.credentials.items() if role in taken}


def read(path: Path) -> Company:
    """The company in the file at `path`, or a CompanyFileError that lists all its problems."""
    try:
        loader = _Loader(path.read_text(encoding="utf-8"))
        content = loader.get_single_data()
    except FileNotFoundError:
        raise CompanyFileError(path, ["there is no such file"]) from None
    except yaml.YAMLError as error:
        raise CompanyFileError(path, [f"not YAML: {' '.join(str(error).split())}"]) from None
    except (OSError, ValueError) as error:
        raise CompanyFileError(path, [f"cannot be read: {error}"]) from None
    problems = [*loader.repeated, *checks.problems(content)]
    try:
        company = Company.model_validate(content)
    except ValidationError as error:
        problems = [*(_problem(entry) for entry in error.errors()), *problems]
    if problems:
        raise CompanyFileError(path, problems)
    return company


class _Loader(yaml.SafeLoader):
    """Notes the keys that stand twice, of which YAML would silently keep the last."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.repeated: list[str] = []

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        lines: dict[str, int] = {}
        for key, _ in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if name in lines:
                self.repeated.append(f"line {line}: {name} stands already in line {lines[name]}")
            lines.setdefault(name, line)
        return super().construct_mapping(node, deep)


def json_schema() -> dict[str, Any]:
    """The file's JSON Schema, so that editors complete and check it."""
    return Company.model_json_schema()


def _problem(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"]) or "(file)"
    if error["type"] == "extra_forbidden":
        return f"{where}: unknown key (misspelt?)"
    if error["type"] == "model_type":
        return f"{where}: should hold keys and their values"
    return f"{where}: {error['msg'].removeprefix('Value error, ')}"
