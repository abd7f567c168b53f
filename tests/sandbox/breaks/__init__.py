"""The 36 kinds of breaks, each where it would really happen: see `registry.KINDS`.

`generate(folder, **together([make(1, Case(day))]))` makes a world in which the first kind happens.
"""

from sandbox.breaks.case import Break, Case, Order, together
from sandbox.breaks.registry import KINDS, Kind, make

__all__ = ["KINDS", "Break", "Case", "Kind", "Order", "make", "together"]
