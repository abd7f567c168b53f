"""The world: a seeded simulation of Harbour House, whose truth is known.

    from sandbox.world import generate
    generate(Path("world"), seed=7)

writes one Parquet file per table of `tables.TABLES`; the vendors' pages only read them.
The world is made, chapter by chapter, in `generate.py`.
"""

from sandbox.world.dated import Change, read_changes
from sandbox.world.generate import generate
from sandbox.world.parameters import Parameters

__all__ = ["Change", "Parameters", "generate", "read_changes"]
