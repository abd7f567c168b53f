"""What packages for attribution say of the same paths, run by the Python of their own environment:

    python path_peers.py PATHS.parquet PEER

    pip install ChannelAttribution==2.2.5 marketing-attribution-models==2.1.1 matplotlib

ChannelAttribution is GPL: it is measured here and imported nowhere else. Prints JSON,
of one peer in a process: its memory is its own.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any


def channel_attribution(file: str) -> dict[str, Any]:
    """Its Markov model draws at random, so only its rules can be the same as ours."""
    import polars
    from ChannelAttribution import heuristic_models, markov_model

    paths = polars.read_parquet(file).with_columns(
        path=polars.col("path").str.replace_all(" > ", ">"),  # it wants a single character
        converted=polars.col("is_converted").cast(int),
        rest=1 - polars.col("is_converted").cast(int),
    )
    data = paths.to_pandas()
    rules = heuristic_models(data, "path", "converted", sep=">", flg_pro=False)
    began = time.perf_counter()
    markov_model(data, "path", "converted", var_null="rest", sep=">", flg_pro=False)
    seconds = time.perf_counter() - began
    names = {"first_touch": "first_touch", "last_touch": "last_touch", "linear_touch": "linear"}
    return {
        "markov_seconds": seconds,
        "rules": {
            f"{ours} {row['channel_name']}": row[theirs]
            for row in rules.to_dict("records")
            for theirs, ours in names.items()
        },
    }


def mam(file: str) -> dict[str, Any]:
    import polars
    from mam import MAM

    paths = polars.read_parquet(file).with_columns(times=polars.lit(1))
    began = time.perf_counter()
    models = MAM(
        paths,
        format_type="grouped_journey",
        channels_colname="path",
        journey_with_conv_colname="is_converted",
        occurrences_colname="times",
    )
    markov = models.run_markov()
    seconds = time.perf_counter() - began
    effects = markov.metadata["removal_effect"]["removal_effect"].to_dict()
    rules = {
        f"{ours} {channel}": credit
        for ours, run in (
            ("first_touch", models.run_first_click),
            ("last_touch", models.run_last_click),
            ("linear", models.run_linear),
            ("position_based", models.run_position_based),
        )
        for channel, credit in run().to_polars().iter_rows()
    }
    whole = sum(effects.values())
    return {
        "markov_seconds": seconds,
        "markov": {state: effect / whole for state, effect in effects.items()},
        "rules": rules,
    }


PEERS = {"ChannelAttribution": channel_attribution, "marketing-attribution-models": mam}

if __name__ == "__main__":
    found = PEERS[sys.argv[2]](sys.argv[1])
    facts = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    peak = next(line for line in facts if line.startswith("VmHWM"))
    found["megabytes"] = float(peak.split()[1]) / 1024
    print(json.dumps(found))
