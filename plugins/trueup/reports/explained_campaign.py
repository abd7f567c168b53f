"""Which campaign a person means by what they typed: its id, or a name it bears or bore."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Any

import duckdb

from trueup.alerts.receivers.message import cut, inert
from trueup.errors import TrueupError

NAME_LENGTH = 80
#: So many names like the one asked for are offered.
OFFERED = 5
#: A campaign that only claims has no spend, and one that only spends may have no name.
CAMPAIGNS = """
select platform, account_id, campaign_id, campaign_name, true as is_current
from marts.fct_campaign_daily
union
select platform, account_id, campaign_id, campaign_name, is_current from marts.dim_campaign
order by all
"""


@dataclass(frozen=True)
class Campaign:
    platform: str
    account_id: str
    campaign_id: str
    name: str

    @property
    def shown(self) -> str:
        return f"{shown(self.name)} ({shown(self.platform)} {shown(self.campaign_id)})"

    @property
    def bound(self) -> dict[str, Any]:
        """What OF_CAMPAIGN asks for."""
        return {
            "platform": self.platform,
            "account": self.account_id,
            "campaign": self.campaign_id,
        }


#: The rows of a campaign, wherever a mart has these columns.
OF_CAMPAIGN = "platform = $platform and account_id = $account and campaign_id = $campaign"


def chosen(con: duckdb.DuckDBPyConnection, asked: str) -> Campaign:
    """The one campaign of that id or name. Case and blanks tell apart only those that differ in
    nothing else."""
    known = _known(con)
    for spelt in (str, _folded):
        found = [
            campaign
            for campaign, words in known.items()
            if spelt(asked) in {spelt(word) for word in words}
        ]
        if len(found) == 1:
            return found[0]
        if found:
            raise TrueupError(
                f"{len(found)} campaigns have the name {shown(asked)!r}",
                got="; ".join(one.shown for one in found),
                next_step="name the one you mean by its id",
            )
    near = _near(asked, known)
    raise TrueupError(
        f"no campaign has the id or the name {shown(asked)!r}",
        got="" if not near else "like it are " + "; ".join(one.shown for one in near),
        next_step='`trueup query "select distinct platform, campaign_id, campaign_name from'
        ' marts.fct_campaign_daily"` lists them',
    )


def shown(text: str) -> str:
    """Names come from platforms: what a terminal would obey is left out."""
    return cut(inert(text, keep=""), NAME_LENGTH)


def _known(con: duckdb.DuckDBPyConnection) -> dict[Campaign, set[str]]:
    """Every campaign with its id and its names."""
    words: dict[tuple[str, str, str], set[str]] = {}
    names: dict[tuple[str, str, str], str] = {}
    for platform, account, own, name, is_current in con.execute(CAMPAIGNS).fetchall():
        key = (platform, account, own)
        words.setdefault(key, {own}).update({name} - {None})
        if name is not None and (is_current or key not in names):
            names[key] = name
    return {Campaign(*key, names.get(key, key[2])): found for key, found in words.items()}


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _near(asked: str, known: dict[Campaign, set[str]]) -> list[Campaign]:
    """Those whose name holds what was asked for, then those that are spelt like it."""
    spelt: dict[str, list[Campaign]] = {}
    for campaign, words in known.items():
        for word in words:
            spelt.setdefault(_folded(word), []).append(campaign)
    part = _folded(asked)
    likely = [word for word in sorted(spelt) if part and part in word]
    likely += difflib.get_close_matches(part, sorted(spelt), OFFERED)
    return list(dict.fromkeys(one for word in likely for one in spelt[word]))[:OFFERED]
