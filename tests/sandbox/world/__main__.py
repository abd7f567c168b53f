"""By hand: `python -m sandbox.world FOLDER [--seed 7] [--scale 1.0]` with tests/ on the path."""

import argparse
from datetime import date
from pathlib import Path

from sandbox.world.dated import read_changes
from sandbox.world.generate import generate


def main() -> None:
    """Read the arguments and write the world."""
    parser = argparse.ArgumentParser(prog="sandbox.world", description="Write the demo world.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--start", type=date.fromisoformat, default=date(2026, 6, 1))
    parser.add_argument("--until", type=date.fromisoformat, default=date(2026, 11, 1))
    parser.add_argument("--scale", type=float, default=1.0, help="1.0 is about 700 visits a day")
    parser.add_argument("--changes", type=Path, help="a JSON list of what breaks (dated.py)")
    parser.add_argument("--dynamics", action="store_true", help="rates hang together over time")
    chosen = parser.parse_args()
    generate(
        chosen.folder,
        seed=chosen.seed,
        start=chosen.start,
        until=chosen.until,
        scale=chosen.scale,
        changes=read_changes(chosen.changes) if chosen.changes else (),
        dynamics=chosen.dynamics,
    )


if __name__ == "__main__":
    main()
