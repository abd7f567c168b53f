"""Attribution over a million paths, by the SQL and the functions that builds use, beside packages
that do nothing else.

    python -m bench.paths FOLDER [--count N] [--peers PYTHON]

`--peers` names the Python of an environment of their own (bench/path_peers.py says which packages):
one of them is under a licence that keeps it out of ours. dbt makes the views once, unmeasured; what
is timed begins after the paths were read, in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb

from bench import machine
from bench.table import Measure, at_most, report
from trueup.build import dbt, dbt_functions

PROJECT = Path(__file__).parents[2] / "dbt_project"
SCRIPT = Path(__file__).with_name("path_peers.py")
PEERS = ("ChannelAttribution", "marketing-attribution-models")
VIEWS = ("int_attribution__transitions", "int_attribution__weights")
#: What is asked of a million paths: seconds after reading, and memory.
SECONDS_BAR, MEGABYTES_BAR = 0.5, 300
#: Peers' removal effects must be ours to four digits, their rules' credit to nine.
EFFECTS_APART, CREDIT_APART = 5e-5, 1e-9

PATIENCE_SECONDS = 300

#: Eight channels, some met more often than others; each adds to the chance of a conversion.
PATHS = """
copy (
    with steps as (
        select n, unnest(range((1 + hash(n, 'length') % 5)::bigint)) as step
        from range({count}) as rows (n)
    ),
    met as (
        select n, step, floor(8 * pow(hash(n, step) % 1000 / 1000.0, 1.7))::int as channel
        from steps
    )
    select string_agg('c' || channel, ' > ' order by step) as path,
        hash(n, 'converts') % 1000 < 15 * count(*) + 6 * sum(channel) as is_converted
    from met group by n
) to '{file}' (format parquet)"""
TABLES = """
create schema intermediate; create schema marts;
create table intermediate.int_attribution__path_counts (
    dimension varchar, goal varchar, path varchar, conversions bigint, unconverted bigint
);
create table intermediate.int_attribution__changed_days as
select date '2026-01-01' as conversion_date;
create table marts.fct_journeys as
with found as (
    select row_number() over () as n, string_split(path, ' > ') as channels
    from '{file}' where is_converted
)
select n::varchar as conversion_id, date '2026-01-01' as conversion_date,
    n || '.' || generate_subscripts(channels, 1) as touch_id, unnest(channels) as channel,
    generate_subscripts(channels, 1) as position, len(channels) as touch_count,
    (len(channels) - generate_subscripts(channels, 1))::decimal(12, 6) as lag_days,
    generate_subscripts(channels, 1) < len(channels) as is_assist
from found;
"""
#: What a build does between reading touches and the models.
COUNT = """
insert into intermediate.int_attribution__path_counts
select 'channel', 'sale', path, count(*) filter (where is_converted),
    count(*) filter (where not is_converted)
from paths group by path"""
MARKOV = """
select markov_shares(array_agg(struct_pack(from_state, to_state, journeys)))
from intermediate.int_attribution__transitions"""
SHAPLEY = """
select shapley_shares(array_agg(struct_pack(path, conversions, unconverted)))
from intermediate.int_attribution__path_counts"""
RULES = """
select weights.model, journeys.channel, sum(weights.credit)::double
from intermediate.int_attribution__weights as weights
inner join marts.fct_journeys as journeys using (conversion_id, touch_id)
group by all"""

Found = dict[str, Any]


def measure(folder: Path, count: int, peers: Path | None) -> list[Measure]:
    """The lines of the report, over paths made anew below `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    prepare(folder, count)
    ours = _asked([sys.executable, "-m", "bench.paths", str(folder), "--ours"])
    found = _of_ours(ours, count)
    if peers:
        for peer in PEERS:
            theirs = _asked([str(peers), str(SCRIPT), str(folder / "paths.parquet"), peer])
            found += _beside(ours, peer, theirs)
    return found


def prepare(folder: Path, count: int) -> None:
    """The paths, and a build file with the views that are asked."""
    paths, build_file = folder / "paths.parquet", folder / "build.duckdb"
    build_file.unlink(missing_ok=True)
    with duckdb.connect(str(build_file)) as con:
        con.execute(PATHS.format(count=count, file=paths))
        con.execute(TABLES.format(file=paths))
    arguments = ["run", "--select", *VIEWS]
    if dbt.run(PROJECT, build_file, folder / "dbt", arguments, progress=lambda line: None):
        raise SystemExit(f"dbt could not make the views: read {folder / 'dbt' / dbt.LOG}")


def ask_ours(folder: Path) -> Found:
    """Seconds by part, memory and answers; run in a process of its own."""
    with duckdb.connect(str(folder / "build.duckdb")) as con:
        con.execute("set threads = 2")
        dbt_functions.register(con)
        # The first call of a function in Python imports what DuckDB hands rows over with: the
        # peers' imports are not timed either.
        con.execute("select markov_shares([])")
        seconds: dict[str, float] = {}
        answers: dict[str, Any] = {}
        for name, sql in (
            ("read", f"create temp table paths as from '{folder / 'paths.parquet'}'"),
            ("count", COUNT),
            ("markov", MARKOV),
        ):
            began = time.perf_counter()
            answers[name] = con.execute(sql).fetchall()
            seconds[name] = time.perf_counter() - began
        megabytes = machine.peak_megabytes()
        for name, sql in (("shapley", SHAPLEY), ("rules", RULES)):
            began = time.perf_counter()
            answers[name] = con.execute(sql).fetchall()
            seconds[name] = time.perf_counter() - began
    shares = {one["state"]: one["share"] for one in answers["markov"][0][0]}
    return {
        "seconds": seconds,
        "megabytes": megabytes,
        "markov": shares,
        "rules": {f"{model} {channel}": credit for model, channel, credit in answers["rules"]},
    }


def _asked(command: list[str]) -> Found:
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    answer: Found = json.loads(done.stdout.splitlines()[-1])
    return answer


def _of_ours(ours: Found, count: int) -> list[Measure]:
    seconds = ours["seconds"]
    whole = seconds["count"] + seconds["markov"]
    return [
        Measure("paths", f"{count:,}"),
        Measure("read into the engine", f"{seconds['read']:.2f} s"),
        at_most("counted, and Markov by one inverse, seconds", f"{whole:.2f}", whole, SECONDS_BAR),
        Measure("the same / reading", f"{whole / seconds['read']:.2f}"),
        at_most("peak memory, MiB", f"{ours['megabytes']:.0f}", ours["megabytes"], MEGABYTES_BAR),
        Measure("Shapley, of the counted paths", f"{seconds['shapley']:.2f} s"),
        Measure("six rules, every touch credited", f"{seconds['rules']:.2f} s"),
    ]


def _beside(ours: Found, peer: str, theirs: Found) -> list[Measure]:
    """A peer's time by ours, its memory, and how far its answers are from ours."""
    whole = ours["seconds"]["count"] + ours["seconds"]["markov"]
    found = [
        Measure(f"{peer}: Markov / ours, time", f"{theirs['markov_seconds'] / whole:.1f}"),
        Measure(f"{peer}: peak memory, MiB", f"{theirs['megabytes']:.0f}"),
    ]
    if shares := theirs.get("markov"):
        apart = max(abs(shares[state] - share) for state, share in ours["markov"].items())
        found.append(at_most(f"{peer}: Markov apart", f"{apart:.1e}", apart, EFFECTS_APART))
    known = {name: credit for name, credit in theirs["rules"].items() if name in ours["rules"]}
    apart = max(abs(credit / ours["rules"][name] - 1) for name, credit in known.items())
    models = ", ".join(sorted({name.split()[0] for name in known}))
    found.append(at_most(f"{peer}: {models} apart", f"{apart:.1e}", apart, CREDIT_APART))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.paths", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--ours", action="store_true", help="measure what is prepared, as JSON")
    given = parser.parse_args()
    if given.ours:
        print(json.dumps(ask_ours(given.folder)))
        return 0
    lines = measure(given.folder.resolve(), given.count, given.peers)
    print(report("Bench: attribution", machine.describe(), [("A million paths", lines)]))
    return 1 if any(line.is_met is False for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
