"""In which other formats people met ads: products, videos and feeds.

Some of the visits that a search or a campaign of all networks would have brought came by a
campaign of another type. Drawn between journeys and visits, with a question nobody else draws: who
comes, when, and what they buy stays as it is.
"""

import duckdb

from sandbox.world.journeys import GENERIC, PMAX

#: What would have brought the visit, and from which share of it to which another campaign did.
MOVED = (
    (GENERIC, 0.0, 0.14, 20010000009, "shopping"),
    (PMAX, 0.0, 0.12, 20010000010, "video"),
    (PMAX, 0.12, 0.26, 20010000011, "demand_gen"),
)

ARRIVALS = """
create or replace table arrivals as
select arrivals.* replace (
        coalesce(formats.campaign_id, arrivals.campaign_id) as campaign_id,
        coalesce(formats.channel, arrivals.channel) as channel)
from arrivals
left join formats
    on arrivals.touch = formats.touch and arrivals.kind = 'shop'
    and arrivals.campaign_id is not null
    and draw(arrival_id, 'format') >= low and draw(arrival_id, 'format') < high;
"""


def show_in_other_formats(con: duckdb.DuckDBPyConnection) -> None:
    """Give some of the `arrivals` to campaigns of other types, of the same platform."""
    con.execute("""
        create table formats (touch varchar, low double, high double, campaign_id bigint,
            channel varchar)
    """)
    con.executemany("insert into formats values (?, ?, ?, ?, ?)", MOVED)
    con.execute(ARRIVALS)
