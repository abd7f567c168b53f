"""Which rows of the daily marts and of conversions an incident touches."""

from __future__ import annotations

import duckdb

from trueup.gates.causes.lifetime import Incident

#: Hops at which records themselves are wrong or missing: those of one source are.
OF_RECORDS = frozenset({"order", "crm", "refund", "delivery"})


def platforms(con: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Names of ad platforms, as the daily marts have them."""
    return frozenset(
        str(name) for (name,) in con.execute("select distinct platform from trueup.ad_platforms")
        .fetchall()
    )  # fmt: skip


def record_sources(con: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Sources of records, which conversions are of; witnesses are none."""
    return frozenset(
        str(name)
        for (name,) in con.execute(
            "select distinct source from trueup.streams where not is_witness"
        ).fetchall()
    )


def columns(
    incident: Incident, known: frozenset[str], records: frozenset[str]
) -> dict[str, str | bool | None]:
    """The platform, campaign and source whose rows it touches, each null where it is all of them,
    and whether it touches conversions at all."""
    dimension, _, segment = incident.segment.partition("=")
    is_one = bool(segment) and ", " not in segment
    named = {dimension: segment} if is_one else {}
    platform = named.get("platform") or (incident.system if incident.system in known else None)
    of_records = incident.family.hop in OF_RECORDS and incident.system in records - known
    return {
        "touched_platform": platform,
        "touched_campaign_id": named.get("campaign"),
        "touched_source": named.get("source") or (incident.system if of_records else None),
        "touches_conversions": not incident.family.spares_ledger and not platform,
    }
