"""What a source is handed when it extracts, and when the company file is checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from trueup.errors import TrueupError


@dataclass(frozen=True)
class Account:
    """One account of a source, with the zone its days and the currency its money are in, and the
    secrets that are its own."""

    id: str
    time_zone: str
    currency_code: str
    secrets: Mapping[str, str] = field(repr=False, hash=False, default_factory=dict)


@dataclass(frozen=True)
class Access:
    """Everything a source may know when it extracts: no global state, no environment."""

    source: str
    base_url: str
    accounts: tuple[Account, ...]
    options: Mapping[str, Any]
    history_start: date
    reporting_zone: str
    reporting_currency: str
    folder: Path
    secrets: Mapping[str, str] = field(repr=False, default_factory=dict)

    def narrowed(self, account: Account) -> Access:
        """The access of one account, with its own secrets where it has some."""
        secrets = {**self.secrets, **account.secrets}
        return replace(self, accounts=(account,), secrets=secrets)

    @property
    def account(self) -> Account:
        """The one account a vendor is extracted for."""
        if len(self.accounts) != 1:
            raise TrueupError(
                "accounts are extracted one at a time",
                source=self.source,
                expected="one account",
                got=f"{len(self.accounts)} accounts",
                next_step="name the account in the company file",
            )
        return self.accounts[0]


@dataclass(frozen=True)
class CompanyNames:
    """Names of the company file that what a source reads may use: its goals, what goal mappings
    select from the source, the platforms channel rules speak of, and the company's own hosts."""

    goals: tuple[str, ...] = ()
    selectors: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    own_hosts: tuple[str, ...] = ()
