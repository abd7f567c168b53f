"""What of dbt's own lines a person is shown."""

from __future__ import annotations

import re

#: dbt says how far it is with each of hundreds of nodes; a person is shown every fiftieth.
NODE = re.compile(r"  (\d+) of \d+ (START|OK|PASS) ")
SHOWN = 50
#: How a line of dbt's own begins, and not one of what Python says of it.
LINE = re.compile(r"\d\d:\d\d:\d\d  ")
TRACEBACK = "Traceback (most recent call last)"


class QuietDbt:
    """dbt's own lines, less most of those that say a node is well, and less its tracebacks, which
    are in its log: what stopped it is said in our words."""

    def __init__(self) -> None:
        self._in_traceback = False

    def __call__(self, line: str) -> None:
        self._in_traceback = TRACEBACK in line or (self._in_traceback and not LINE.match(line))
        node = NODE.search(line)
        is_shown = node is None or (node[2] != "START" and int(node[1]) % SHOWN == 0)
        if line and is_shown and not self._in_traceback:
            print(line)
