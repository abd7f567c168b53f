"""The channels there are, each with its meaning: the one place that lists them.

A company may name others in its channel rules. What a vendor's campaign types stand for is said in
that vendor's staging, in these words; `trueup docs` writes the table of docs/marts.md from here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Channel:
    name: str
    is_paid: bool
    meaning: str


#: What a campaign is where the company file declares it as one, whatever its type.
RETARGETING = "retargeting"
#: Visits of which nothing says what brought them; the opposite of direct, where nothing did.
UNASSIGNED = "unassigned"

STANDARD = (
    Channel("paid_search", True, "ads among a search engine's results, on maps and hotel lists"),
    Channel("shopping", True, "product ads from a catalogue, on results and shopping sites"),
    Channel("performance_max", True, "campaigns that run in every network of the platform,"
            " reported in one sum; visits cannot be told apart either"),
    Channel("demand_gen", True, "campaigns on video, feeds and mail of a platform, in one sum"),
    Channel("cross_network", True, "app, local, smart and smart shopping campaigns: several"
            " networks in one sum"),
    Channel("paid_social", True, "ads on social networks, whatever their objective"),
    Channel("display", True, "banners and native ads on other people's pages"),
    Channel("video", True, "ads in and beside videos"),
    Channel(RETARGETING, True, "campaigns for people who were here before, on any platform:"
            " declared by the company, for no campaign type says it"),
    Channel("affiliate", True, "links of publishers who earn a commission"),
    Channel("email", False, "newsletters and other mail"),
    Channel("organic_search", False, "unpaid results of a search engine"),
    Channel("organic_social", False, "unpaid posts and videos"),
    Channel("referral", False, "links on other pages, those of shopping sites too"),
    Channel("ai_assistant", False, "links in the answers of an assistant; its ads are not of it"),
    Channel("direct", False, "an address typed or kept: nothing says that something brought the"
            " visit"),
    Channel(UNASSIGNED, False, "something brought the visit, and no rule and no list knows what: a"
            " warning names it"),
)  # fmt: skip
#: What no channel has, so that sums stay whole.
REST = (
    Channel("(unmapped)", False, "spend, and what came of it, of campaigns of a type that is in no"
            " table and no rule: a warning names them"),
    Channel("(unallocated)", False, "spend of an account that no campaign of it has"),
    Channel("(observed, unattributed)", False, "conversions that were seen, without a touch in the"
            " look-back"),
    Channel("(unobserved)", False, "conversions nobody saw"),
)  # fmt: skip

NAMES = tuple(channel.name for channel in STANDARD)
PAID = tuple(channel.name for channel in STANDARD if channel.is_paid)
