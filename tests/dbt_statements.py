"""The statements that dbt sends for a build, each with the node that sends it."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

#: What changes the file, and what a test asks of it; the rest are dbt's questions about the file.
WRITES = re.compile(
    r"\s*(/\*.*?\*/)?\s*(create|insert|copy|delete|update|drop|alter)\b", re.I | re.S
)
ASKS = re.compile(r"\bshould_warn\b", re.I)
#: dbt gives a temporary table the moment in its name.
MOMENT = re.compile(r"(__dbt_tmp)\d{20}")
#: The file's own name, which dbt gives every relation it names, within what is kept.
CATALOG, ITS_OWN = '"{}".', '"(the file)".'


@dataclass(frozen=True)
class Statement:
    """One statement, and the node that sends it; whether it is what a test asks of the file."""

    sql: str
    node: str = ""
    is_question: bool = False

    def of_any_file(self, build_file: Path) -> Statement:
        sql = MOMENT.sub(r"\1", self.sql).replace(CATALOG.format(build_file.stem), ITS_OWN)
        return replace(self, sql=sql)

    def of_file(self, build_file: Path) -> Statement:
        return replace(self, sql=self.sql.replace(ITS_OWN, CATALOG.format(build_file.stem)))


@contextmanager
def captured() -> Iterator[list[Statement]]:
    """The statements dbt sends within the block, in order."""
    from dbt.adapters.duckdb.environments.local import DuckDBCursorWrapper
    from dbt_common.events.contextvars import get_node_info

    sent: list[Statement] = []
    one_at_a_time = threading.Lock()
    send = DuckDBCursorWrapper.execute

    def execute(self: DuckDBCursorWrapper, sql: str, bindings: object = None) -> object:
        node = str(get_node_info().get("unique_id", ""))
        with one_at_a_time:
            if WRITES.match(sql):
                sent.append(Statement(sql, node))
            elif node.startswith("test.") and ASKS.search(sql):
                sent.append(Statement(sql, node, is_question=True))
        return send(self, sql, bindings)

    with patch.object(DuckDBCursorWrapper, "execute", execute):
        yield sent
