"""The company file: one business's configuration, validated in one pass.

Secrets are never in the file, only their names; values come from Airflow Connections or the
environment (settings.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from pydantic import Field, PrivateAttr, ValidationError

from trueup.company import checks, wording
from trueup.company.ad_messages import Creatives, LandingPages
from trueup.company.alerting import Alerts
from trueup.company.checks import feeds
from trueup.company.parts import (
    AccountEntry,
    Attribution,
    BrandTerm,
    ChannelRule,
    Deals,
    Goal,
    HeadlineClaim,
    History,
    Host,
    Name,
    Part,
    Reporting,
    Retargeting,
    SourceEntry,
    Target,
    Tolerances,
)
from trueup.errors import CompanyFileError, TrueupError
from trueup.settings import HASH_KEY
from trueup.sources import registry
from trueup.sources.contract import Access, Account, Source


class Company(Part):
    """`name` is also the folder of the company's state under `var/`."""

    name: Name
    title: str
    reporting: Reporting
    history: History
    attribution: Attribution = Attribution()
    deals: Deals = Deals()
    tolerances: Tolerances = Tolerances()
    own_domains: tuple[Host, ...] = Field(
        (), description="hosts of the company's own, which with their subdomains refer nobody"
    )
    brand_terms: tuple[BrandTerm, ...] = Field(
        (),
        description="words of which a search is one for the company itself: its names and how"
        " people misspell them; accents, capitals and what stands between words count for nothing",
    )
    sources: dict[Name, SourceEntry] = Field(min_length=1)
    goals: dict[Name, Goal] = Field(default_factory=dict)
    has_default_weak_goals: bool = Field(
        True,
        description="whether what the sources' modules know as weak signals (product views,"
        " baskets, ...) are weak goals where no goal maps them",
    )
    channels: tuple[ChannelRule, ...] = ()
    retargeting: tuple[Retargeting, ...] = Field(
        (),
        description="campaigns and audiences of people who were here before: no vendor's campaign"
        " type says so, and what stands here wins over every type and channel rule",
    )
    targets: dict[Name, Target] = Field(default_factory=dict)
    landing_pages: LandingPages = LandingPages()
    creatives: Creatives = Creatives()
    alerts: Alerts = Field(
        Alerts(),
        description="who hears of incidents, beside TRUEUP_WEBHOOK_URL, which hears everything",
    )
    #: What paths of the file are relative to.
    _folder: Path = PrivateAttr(default=Path())

    def module(self, source: str) -> Source:
        """The module of `source`. Raises TrueupError where the company has no such source."""
        if source not in self.sources:
            raise TrueupError(
                f"{self.name} has no source {source}",
                expected=", ".join(sorted(self.sources)),
                next_step="name one of these, or add it to the company file",
            )
        return registry.load(source)

    def newest_day(self, now: datetime) -> date:
        """The newest whole day of the reporting zone, or history's last day if that is past."""
        newest = now.astimezone(ZoneInfo(self.reporting.time_zone)).date() - timedelta(days=1)
        return min(newest, self.history.end or newest)

    def known(self, source: str) -> Source | None:
        """The module of `source`, where there is one of that name."""
        return registry.load(source) if source in registry.NAMES else None

    def secret_names(self, source: str | None = None) -> list[str]:
        """Names under which this company keeps its secrets: of one source, or of all."""
        chosen = [source] if source else list(self.sources)
        names = {
            name
            for one in chosen
            for kept_under in self.all_credentials(one)
            for name in kept_under.values()
        }
        if any(self._has_personal_data(one) for one in chosen):
            names.add(HASH_KEY)
        return sorted(names)

    def headline_claims(self) -> Iterator[tuple[str, str | None, HeadlineClaim]]:
        """Source, feed where it is one's own, and the definition of every headline."""
        for name, entry in self.sources.items():
            if entry.headline_claim:
                yield name, None, entry.headline_claim
            for feed in feeds(entry.options):
                if "headline_claim" in feed:
                    yield name, feed["name"], HeadlineClaim.model_validate(feed["headline_claim"])

    def tolerances_of(self, source: str, stream: str, account: str) -> Tolerances:
        """Those of the feed, where it has its own, or the company's."""
        for feed in feeds(self.sources[source].options):
            if (feed.get("stream"), feed.get("name")) == (stream, account) and "tolerances" in feed:
                return Tolerances.model_validate(self.tolerances.model_dump() | feed["tolerances"])
        return self.tolerances

    def access(self, source: str, folder: Path, secrets: Mapping[str, str]) -> Access:
        """What `source` may know. `secrets` maps the names kept under to their values."""
        entry = self.sources[source]
        return Access(
            source=source,
            base_url=(entry.base_url or "").rstrip("/"),
            accounts=tuple(
                Account(
                    one.id,
                    one.time_zone,
                    one.currency,
                    {role: secrets[name] for role, name in self._taken(source, one).items()},
                )
                for one in entry.accounts
            ),
            options=entry.options,
            history_start=self.history.start,
            reporting_zone=self.reporting.time_zone,
            reporting_currency=self.reporting.currency,
            folder=folder,
            secrets={role: secrets[name] for role, name in self.credentials(source).items()},
        )

    def parts(self, source: str) -> set[tuple[str, str]]:
        """Stream and name of every account or feed of `source` that lands on its own. Nothing is
        asked of the source."""
        module, access = registry.load(source), self.access(source, Path(), defaultdict(str))
        return {
            (stream.name, part)
            for stream in module.streams
            for part, _ in module.parts(access, stream)
        }

    def _has_personal_data(self, source: str) -> bool:
        options = self.sources[source].options
        return registry.load(source).has_personal_data(options, self._folder)

    def credentials(self, source: str) -> dict[str, str]:
        """The secrets `source` takes where it is read from -> the names they are kept under."""
        return self._taken(source, self.sources[source])

    def all_credentials(self, source: str) -> list[dict[str, str]]:
        """The same of each account, with those of its own; of a source without any, once."""
        shared = self.credentials(source)
        accounts = self.sources[source].accounts
        return [shared | self._taken(source, one) for one in accounts] or [shared]

    def _taken(self, source: str, named_by: SourceEntry | AccountEntry) -> dict[str, str]:
        module = registry.load(source)
        taken = (*module.secrets_at(self.sources[source].base_url), *module.optional_secrets)
        return {role: name for role, name in named_by.credentials.items() if role in taken}


def read(path: Path) -> Company:
    """The company in the file at `path`, or a CompanyFileError that lists all its problems."""
    found = examine(path)
    if found.problems or not found.company:
        raise CompanyFileError(path, found.problems)
    return found.company


@dataclass(frozen=True)
class Examined:
    """A company file as far as it can be read: its bare content, the company if its fields are
    sound, and all that is wrong with it."""

    content: Any
    company: Company | None
    problems: tuple[str, ...]


def examine(path: Path) -> Examined:
    try:
        loader = _Loader(path.read_text(encoding="utf-8"))
        content = loader.get_single_data()
    except FileNotFoundError:
        return Examined(None, None, ("there is no such file",))
    except yaml.YAMLError as error:
        return Examined(None, None, (f"not YAML: {' '.join(str(error).split())}",))
    except (OSError, ValueError) as error:
        return Examined(None, None, (f"cannot be read: {error}",))
    problems = [*loader.repeated, *checks.problems(content)]
    try:
        company = Company.model_validate(content)
        company._folder = path.parent
    except ValidationError as error:
        found = [*map(wording.problem, error.errors()), *problems]
        return Examined(content, None, tuple(found))
    return Examined(content, company, tuple(problems))


class _Loader(yaml.CSafeLoader):
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

    def construct_moment(self, node: yaml.ScalarNode) -> Any:
        """A day that no calendar has stays text, so that what is said of it names its key."""
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError:
            return node.value


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_moment)


def json_schema() -> dict[str, Any]:
    """The file's JSON Schema, so that editors complete and check it."""
    return Company.model_json_schema()
