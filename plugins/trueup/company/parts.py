"""The parts of the company file, from the smallest up."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from trueup.company.click_id_kinds import ClickIdKind
from trueup.company.secret_names import SecretName
from trueup.settings import DUE_AFTER_HOURS
from trueup.sources.currencies import CODES

#: Every name is looked up in files each time it is asked.
KNOWN_ZONES = available_timezones()


def _known_zone(value: str) -> str:
    if value not in KNOWN_ZONES:
        raise ValueError(f"{value!r} is not an IANA time zone, such as Europe/Lisbon")
    return value


def _is_regex(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    return value


def _as_browsers_write_it(value: Any) -> Any:
    """A host in the letters of DNS: bücher.example is xn--bcher-kva.example."""
    if not isinstance(value, str):
        return value
    try:
        return value.lower().removeprefix("www.").encode("idna").decode("ascii")
    except UnicodeError:
        return value


def _known_currency(value: str) -> str:
    if value not in CODES:
        raise ValueError(f"{value!r} is not an ISO 4217 currency code, such as EUR")
    return value


NAME = r"^[a-z][a-z0-9_]*$"
HOST = r"^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+([a-z]{2,}|xn--[a-z0-9-]+)$"
CURRENCY = r"^[A-Z]{3}$"
Zone = Annotated[str, AfterValidator(_known_zone)]
Name = Annotated[str, Field(pattern=NAME)]
Host = Annotated[
    str,
    BeforeValidator(_as_browsers_write_it),
    Field(pattern=HOST, description="example.com"),
]


def _is_brand_term(value: str) -> str:
    if len(re.findall(r"[^\W_]", value)) < 2:
        raise ValueError(
            "a brand term has at least two letters or digits, or it is in every search"
        )
    return value


BrandTerm = Annotated[str, AfterValidator(_is_brand_term)]
Pattern = Annotated[str, AfterValidator(_is_regex)]
Currency = Annotated[
    str,
    Field(pattern=CURRENCY, description="ISO 4217 code"),
    AfterValidator(_known_currency),
]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HeadlineClaim(Part):
    """Which of a platform's claim definitions is its headline number."""

    date_basis: Literal["click_date", "conversion_date", "impression_date"] = "click_date"
    click_window_days: int | None = None
    view_window_days: int | None = None
    include_view: bool = False


class Tolerances(Part):
    """What share of a day's rows, and of its money, may be set aside."""

    warn_share: Decimal = Field(
        Decimal("0.001"), ge=0, le=1, description="above this share of a day it is a warning"
    )
    hold_share: Decimal = Field(
        Decimal("0.02"), ge=0, le=1, description="above this share the mart is held back"
    )

    @model_validator(mode="after")
    def _in_order(self) -> Tolerances:
        if self.warn_share > self.hold_share:
            raise ValueError(
                f"warn_share {self.warn_share} is above hold_share {self.hold_share}: what is held"
                " back was never warned of"
            )
        return self


class AccountEntry(Part):
    id: str = Field(description="the vendor's account, customer, property or shop id")
    time_zone: Zone
    currency: Currency
    credentials: dict[str, SecretName] = Field(
        default_factory=dict,
        description="of secrets that open this account alone: the source's secret -> its name",
    )


class SourceEntry(Part):
    base_url: str | None = Field(None, description="API root, or a bucket path for file exports")
    accounts: tuple[AccountEntry, ...] = ()
    credentials: dict[str, SecretName] = Field(
        default_factory=dict, description="the source's secret -> the name it is kept under"
    )
    options: dict[str, Any] = Field(default_factory=dict)
    allow_empty: tuple[str, ...] = Field((), description="streams whose days may hold no row")
    due_after_hours: int = Field(
        DUE_AFTER_HOURS,
        ge=1,
        le=72,
        description="hours from the end of a day, in the reporting zone, until it is landed;"
        " a vendor that writes a day in the afternoon of the next needs about 18",
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
    becomes: tuple[Name, ...] = Field(
        (), description="strong goals a weak one may become; none named: any of them"
    )
    window_days: int | None = Field(
        None,
        ge=1,
        le=400,
        description="days in which a weak goal may become strong; the look-back's, if not set",
    )
    lookback_days: int | None = Field(
        None,
        ge=1,
        le=400,
        description="days before it in which a touch counts; the attribution's, if not set",
    )
    mappings: tuple[GoalMapping, ...] = Field(min_length=1)


class ChannelRule(Part):
    """All conditions given must hold; the first rule that does names the channel."""

    channel: Name
    is_paid: bool = False
    platform: Name | None = None
    source: Pattern | None = None
    medium: Pattern | None = None
    campaign: Pattern | None = None
    click_id_kind: ClickIdKind | None = None
    campaign_type: str | None = None


class Retargeting(Part):
    """Campaigns for people who were here before: one, those called so, or those whose every ad
    group (ad set) that spends is declared. They are of channel `retargeting`, whatever their type.
    """

    platform: Name
    campaign_id: str | None = None
    campaign: Pattern | None = Field(
        None, description="a regular expression of the whole name, in any case"
    )
    ad_group_id: str | None = Field(None, description="the ad group or ad set with the audience")

    @model_validator(mode="after")
    def _says_one_thing(self) -> Retargeting:
        if sum(map(bool, (self.campaign_id, self.campaign, self.ad_group_id))) != 1:
            raise ValueError("name one of campaign_id, campaign and ad_group_id")
        return self


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
    fixed_rates: dict[Currency, Annotated[Decimal, Field(gt=0)]] = Field(
        default_factory=dict,
        description="units of a currency per unit of the reporting currency, for days that no"
        " published rate reaches",
    )


class Attribution(Part):
    lookback_days: int = Field(30, ge=1, le=400)
    settled_after_days: int = Field(30, ge=1, le=400)
    compared_days: int = Field(
        90, ge=1, le=400, description="days by whose conversions models are compared"
    )


class Deals(Part):
    grace_hours: int = Field(
        24,
        ge=0,
        le=720,
        description="hours after a deal is won in which a new amount is the sale itself, and a win"
        " taken back is none; what changes later is an entry of the ledger on its own date",
    )
