"""What a source declares about itself: its streams, their columns, and how to fetch them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from trueup.errors import TrueupError
from trueup.sources import forms, shapes
from trueup.sources.access import Access as Access
from trueup.sources.access import Account as Account
from trueup.sources.access import CompanyNames as CompanyNames
from trueup.sources.forms import AccountId as AccountId
from trueup.sources.forms import Option as Option
from trueup.sources.pages import POSITION as POSITION
from trueup.sources.pages import Absent as Absent
from trueup.sources.pages import ControlTotal as ControlTotal
from trueup.sources.pages import Delivered as Delivered
from trueup.sources.pages import Doubt as Doubt
from trueup.sources.pages import Note as Note
from trueup.sources.pages import Page as Page
from trueup.sources.pages import SetAside as SetAside
from trueup.window import Window

#: `day`: rows belong to a day and a newer load replaces the day.
#: `changes`: rows are versions of things that change; the newest version of a key wins.
#: `snapshot`: a load is the whole state at one moment; the newest load wins.
Kind = Literal["day", "changes", "snapshot"]


@dataclass(frozen=True)
class Column:
    """One declared column. `type` is a DuckDB type: VARCHAR, BIGINT, DOUBLE, BOOLEAN, DATE,
    TIMESTAMPTZ, JSON or DECIMAL(p,s).

    `required` columns are never null. `pii` columns land as a keyed hash in `<name>_hmac`
    (a VARCHAR) and their plain value is never written.
    """

    name: str
    type: str = "VARCHAR"
    required: bool = False
    pii: Literal["email", "phone", "name", "ip"] | None = None

    @property
    def landed_name(self) -> str:
        return f"{self.name}_hmac" if self.pii else self.name

    @property
    def landed_type(self) -> str:
        return "VARCHAR" if self.pii else self.type


@dataclass(frozen=True)
class Steady:
    """Says that the numbers of `column` move little from one day to the next, those of each value
    of `by` on their own; a row that cannot follow from the last one landed is set aside."""

    column: str
    by: str


@dataclass(frozen=True)
class Stream:
    """One kind of row from a source.

    `key` is the natural key within a load. `day` names the DATE column a `day` stream is cut
    by; `cursor` the TIMESTAMPTZ column of a `changes` stream (its UTC date is the row's day).
    `restate_days` is how many days before the newest one are fetched again on every run: not
    below the longest attribution window the stream asks for. `chunk_days` is the longest
    window the vendor answers in one request, `retention_days` how far back it can be asked.
    `lead_days` is how many days before the company's history the stream starts, where its first
    days rest on values from before. `history` keeps every load readable by the mart. `empty_ok`
    says a day without rows is normal. `control` names numeric columns whose sums go into the
    manifest, `money` the one that is summed in row accounts. A `bulk` stream is read where it was
    landed: each of its files holds one day. Rows of one key `add_up` where their sum is what the
    vendor says; in every other stream the last of them is used, or, of a `changes` stream, the
    one with the newest cursor. `shape` is the shape its rows become. `is_whole` says every load is
    read from all there is, so that days that had rows and have none now are days that were lost;
    `accounts` are the columns that name whose a row is, so that one account that is lost is seen.
    `repeats` says that the same row comes again as a rule, as in a log that is shipped at least
    once: it is set aside and counted as everywhere, and is no warning. `settles_in_days` is after
    how many days its `money` is final; what moves later is reported. Null where it always may move.
    `ids_of_account` are the columns of ids that the vendor gives within one account, so that two
    accounts have the same: of a company with several they are read with the account before them.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    kind: Kind = "day"
    day: str | None = None
    cursor: str | None = None
    restate_days: int = 0
    settles_in_days: int | None = None
    chunk_days: int | None = None
    retention_days: int | None = None
    lead_days: int = 0
    history: bool = False
    empty_ok: bool = False
    control: tuple[str, ...] = ()
    money: str | None = None
    bulk: bool = False
    shape: str = ""
    add_up: bool = False
    is_whole: bool = False
    accounts: tuple[str, ...] = ()
    repeats: bool = False
    steady: Steady | None = None
    ids_of_account: tuple[str, ...] = ()

    @property
    def is_witness(self) -> bool:
        """Whether the ledger stands without it: then it never holds anything up."""
        return bool(self.shape) and shapes.shape(self.shape).is_witness

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True)
class AdPlatform:
    """How links speak of an ad platform: the source they name for it, the sources that mean it
    (a regular expression), the parameters its click ids come in, and whether such an id proves
    that the click was paid for. `has_date_of_its_own` says that it dates the claims of an action
    in one way only, whatever a headline names, and `date_basis` which, where it is one for all.
    `counted` says what an action counts and how widely, 1 the widest, where a platform
    states one conversion under several actions. `windows` are the days a headline's windows may
    have, by the headline's field, where it does not take any."""

    link_source: str
    source_pattern: str
    click_id_kinds: tuple[str, ...] = ()
    is_click_paid: bool = False
    has_date_of_its_own: bool = False
    date_basis: str = ""
    counted: Callable[[str], tuple[str, int] | None] | None = None
    windows: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


Options = Mapping[str, Any]
Extract = Callable[[Access, Stream, Window], Iterator[Any]]
WrittenThrough = Callable[[Access, Stream, date], date]
RestateDays = Callable[[Access, Stream, date], int]
#: Regular expressions of what goal mappings may select.
Selectors = Callable[[Options], tuple[str, ...]]
#: The parts of a stream that land each on their own, by name, with the access narrowed to them.
Divide = Callable[[Access, Stream], Iterable[tuple[str, Access]]]


def select(*patterns: str) -> Selectors:
    """The same selectors whatever the options are; without any, nothing can be selected."""
    return lambda options: patterns


def is_api(base_url: str | None) -> bool:
    """Whether it is a vendor's API (none is named: its own), not a folder or bucket."""
    return not base_url or base_url.startswith(("http://", "https://"))


@dataclass(frozen=True)
class Source:
    """One system: its streams, the secrets and options it wants, and its extractor.

    `optional_secrets` are taken where the company file names them: `problems` says which it wants.
    `secrets_of_one_account` are those that the vendor makes for one account alone.
    `weak_goals` maps goals the company need not name to the events its mappings would select.
    `options` are those the company file may set for this source, each with its form.
    `used` tells which streams options put to use, where that is not all of them.
    `written_through` tells the newest day, up to the one asked for, that the vendor has written,
    where it writes a day later than the day is over.
    `restate_days` tells how many days before the one asked for a stream of the account is to be
    fetched again, where its own settings say so and not the stream's declaration alone.
    `reads_files` says `base_url` may be a folder or bucket, which takes none of `secrets`.
    `shapes` are those its staging folder ends in; `ad_platform` is set where it is one.
    `divide` names the parts that land on their own where they are not the accounts.
    `selectors` are regular expressions of what goal mappings may name, given the options; `.+`
    where names are the account's own and show in its rows alone.
    `quotes` names the currencies it gives rates of, given the options.
    `account_id` is how the vendor writes an account's id. `customer_sites` are hosts below which
    each of the vendor's customers has a site of their own. `odd_options` says what is wrong
    with the options beyond the form of each, `secret_problems` with the secrets, by role,
    `problems` once the files options name are read, `remarks` what is likely a mistake and may be
    meant, and `personal_data` whether those files hand over any.
    """

    name: str
    api_version: str
    streams: tuple[Stream, ...]
    extract: Extract
    secrets: tuple[str, ...] = ()
    secrets_of_one_account: tuple[str, ...] = ()
    optional_secrets: tuple[str, ...] = ()
    options: Mapping[str, Option] = field(default_factory=dict)
    used: Callable[[Options], Iterable[Stream]] | None = None
    written_through: WrittenThrough | None = None
    restate_days: RestateDays | None = None
    reads_files: bool = False
    shapes: tuple[str, ...] = ()
    ad_platform: AdPlatform | None = None
    weak_goals: Mapping[str, str] = field(default_factory=dict)
    divide: Divide | None = None
    selectors: Selectors = select()
    quotes: Callable[[Options], Iterable[str]] | None = None
    account_id: AccountId | None = None
    customer_sites: tuple[str, ...] = ()
    odd_options: Callable[[Options], Iterable[str]] | None = None
    secret_problems: Callable[[Mapping[str, str]], Iterable[tuple[str, str]]] | None = None
    problems: Callable[[Access, CompanyNames], Iterable[str]] | None = None
    remarks: Callable[[Access, CompanyNames], Iterable[str]] | None = None
    personal_data: Callable[[Options, Path], bool] | None = None

    def secrets_at(self, base_url: str | None) -> tuple[str, ...]:
        """The secrets it takes to read from `base_url`."""
        return () if self.reads_files and not is_api(base_url) else self.secrets

    def option_problems(self, options: Options) -> Iterator[str]:
        """What is wrong with the options by their text alone, each with its name."""
        yield from forms.problems(self.options, options)
        if self.odd_options:
            yield from self.odd_options(options)

    def problems_of_secrets(self, secrets: Mapping[str, str]) -> Iterable[tuple[str, str]]:
        return self.secret_problems(secrets) if self.secret_problems else ()

    def has_personal_data(self, options: Options, folder: Path) -> bool:
        """Whether landing it takes the company's hash key. Files lie relative to `folder`."""
        if self.personal_data:
            return self.personal_data(options, folder)
        return any(column.pii for stream in self.used_streams(options) for column in stream.columns)

    def used_streams(self, options: Options) -> tuple[Stream, ...]:
        return tuple(self.used(options)) if self.used else self.streams

    def parts(self, access: Access, stream: Stream) -> list[tuple[str, Access]]:
        """What lands on its own: each account, or the one part of a source that knows none."""
        if self.divide:
            return list(self.divide(access, stream))
        if not access.accounts:
            return [("", access)]
        return [(one.id, access.narrowed(one)) for one in access.accounts]

    def stream(self, name: str) -> Stream:
        """The stream called `name`. Raises TrueupError where there is none."""
        for stream in self.streams:
            if stream.name == name:
                return stream
        raise TrueupError(
            f"{self.name} has no stream {name}",
            expected=", ".join(stream.name for stream in self.streams),
            next_step="name one of these",
        )
