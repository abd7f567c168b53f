"""What the company's pages speak of and what its ads say: `landing_pages:` and `creatives:`.

Both are short lists of patterns in the company's own words. The first that matches wins, and what
none matches has no topic, angle or offer: nothing is guessed.
"""

from __future__ import annotations

from pydantic import Field

from trueup.company.parts import Name, Part, Pattern

#: How the page a pattern is held against is written.
_PAGE = "the whole page as host/path, without www., query and last slash, in lower case"
#: How the text a pattern is looked for in is written.
_TEXT = "anywhere in the ad's name and text, in lower case and without accents"


class CollapsedPage(Part):
    """Pages that are one page with an id in it, such as those of single products."""

    page: Pattern = Field(description=f"a regular expression of {_PAGE}")
    collapsed_as: str = Field(
        min_length=1, description="the path they are shown under, such as products/*"
    )


class PageTopic(Part):
    topic: Name
    page: Pattern = Field(description=f"a regular expression of {_PAGE}")
    words: Pattern = Field(description=f"what an ad for such a page says: looked for {_TEXT}")
    offers: tuple[Name, ...] | None = Field(
        None, description="offers that stand on such a page; left out: any"
    )


class LandingPages(Part):
    collapsed: tuple[CollapsedPage, ...] = ()
    topics: tuple[PageTopic, ...] = ()


class Angle(Part):
    angle: Name
    text: Pattern = Field(description=f"looked for {_TEXT}")


class Offer(Part):
    offer: Name
    text: Pattern = Field(description=f"looked for {_TEXT}")


class Creatives(Part):
    angles: tuple[Angle, ...] = Field((), description="how an ad speaks to people")
    offers: tuple[Offer, ...] = Field((), description="what an ad promises")


#: The tables of both in the build file; position is the order of the company file.
TABLES = """
create or replace table company.collapsed_pages (
    position integer, page_pattern varchar, collapsed_as varchar
);
create or replace table company.page_topics (
    position integer, topic varchar, page_pattern varchar, words_pattern varchar,
    has_offers boolean
);
create or replace table company.topic_offers (position integer, offer varchar);
create or replace table company.angles (position integer, angle varchar, pattern varchar);
create or replace table company.offers (position integer, offer varchar, pattern varchar);
"""


def rows(pages: LandingPages, creatives: Creatives) -> dict[str, list[tuple[object, ...]]]:
    """The rows of TABLES, by the name of the table."""
    topics = list(enumerate(pages.topics, start=1))
    return {
        "collapsed_pages": [
            (position, one.page, one.collapsed_as.strip("/"))
            for position, one in enumerate(pages.collapsed, start=1)
        ],
        "page_topics": [
            (position, one.topic, one.page, one.words, one.offers is not None)
            for position, one in topics
        ],
        "topic_offers": [
            (position, offer) for position, one in topics for offer in one.offers or ()
        ],
        "angles": [
            (position, one.angle, one.text)
            for position, one in enumerate(creatives.angles, start=1)
        ],
        "offers": [
            (position, one.offer, one.text)
            for position, one in enumerate(creatives.offers, start=1)
        ],
    }
