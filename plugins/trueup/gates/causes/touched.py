"""Which rows of the daily marts and of conversions an incident touches."""

from __future__ import annotations

import re
from collections.abc import Mapping

import duckdb

from trueup.gates.causes.lifetime import Incident

#: Hops at which records themselves are wrong or missing: those of one source are.
OF_RECORDS = frozenset({"order", "crm", "refund", "delivery"})
#: Where the system is the destination that a server sends to, under a name of its own.
OF_UPLOADS = "upload"


def platforms(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Ad platforms as the daily marts name them, each with the pattern of the names it goes by."""
    return {
        str(name): str(pattern or "")
        for name, pattern in con.execute(
            "select platform, max(source_pattern) from trueup.ad_platforms group by platform"
        ).fetchall()
    }


def record_sources(con: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Sources of records, which conversions are of; witnesses are none."""
    return frozenset(
        str(name)
        for (name,) in con.execute(
            "select distinct source from trueup.streams where not is_witness"
        ).fetchall()
    )


def columns(
    incident: Incident, known: Mapping[str, str], records: frozenset[str]
) -> dict[str, str | bool | None]:
    """The platform, campaign and source whose rows it touches, each null where it is all of them,
    and whether it touches conversions at all."""
    dimension, _, segment = incident.segment.partition("=")
    is_one = bool(segment) and ", " not in segment
    named = {dimension: segment} if is_one else {}
    platform = named.get("platform") or _platform(incident, known)
    of_records = incident.family.hop in OF_RECORDS and incident.system in records - known.keys()
    return {
        "touched_platform": platform,
        "touched_campaign_id": named.get("campaign"),
        "touched_source": named.get("source") or (incident.system if of_records else None),
        "touches_conversions": not incident.family.spares_ledger and not platform,
    }


def _platform(incident: Incident, known: Mapping[str, str]) -> str | None:
    """The ad platform whose system it is of; a destination is the one platform it is a name of."""
    if incident.system in known:
        return incident.system
    if incident.family.hop != OF_UPLOADS:
        return None
    named = [name for name, pattern in known.items() if re.fullmatch(pattern, incident.system)]
    return named[0] if len(named) == 1 else None
