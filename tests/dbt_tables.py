"""Tables where dbt makes views, in builds whose statements are sent again.

DuckDB plans a view anew for each model and test that reads it, which is half of what a small
company's build costs. Views of health stay views, since the gate writes what they show. Whatever
else builds or changes the file asks `as_views` for the rest first, as dbt made them.
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Set
from pathlib import Path

import duckdb

from trueup.build import dbt_functions

MAKES_VIEW = re.compile(
    r"(?P<comment>\s*/\*.*?\*/)?\s*create\s+view\s+"
    r"(?P<relation>\S+\.\"(?P<schema>\w+)\"\.\"(?P<name>\w+)\")",
    re.I | re.S,
)
#: Beside dbt's results: the statements that make views of what stands as a table.
AS_TABLES = "as_tables"


class Tables:
    """The relations of a build file that stand as tables, by schema and name, and the statements
    that would make views of them; kept in `target` beside dbt's results."""

    def __init__(self, target: Path) -> None:
        self._kept = target / AS_TABLES
        known = pickle.loads(self._kept.read_bytes()) if self._kept.exists() else {}  # noqa: S301
        self._views: dict[tuple[str, str], str] = known

    @property
    def places(self) -> Set[tuple[str, str]]:
        return self._views.keys()

    def instead(self, sql: str) -> str:
        """The statement itself, or one that makes a table where it makes a view."""
        view = MAKES_VIEW.match(sql)
        if not view or view["schema"] == "health":
            return sql
        self._views[view["schema"], view["name"]] = sql
        return f"create or replace table {view['relation']}{sql[view.end() :]}"

    def again(self, place: tuple[str, str]) -> str:
        """The statement that makes the table anew, since what it is made of has changed."""
        return self.instead(self._views[place])

    def keep(self) -> None:
        self._kept.write_bytes(pickle.dumps(self._views))


def as_views(build_file: Path, target: Path) -> None:
    """Makes views, as dbt did, of what a replay into the file left as tables."""
    if not (target / AS_TABLES).exists():
        return
    views: dict[tuple[str, str], str] = pickle.loads((target / AS_TABLES).read_bytes())  # noqa: S301
    with duckdb.connect(str(build_file)) as con:
        dbt_functions.register(con)
        tables = con.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        con.execute("begin")
        for (schema, name), statement in views.items():
            if (schema, name) in tables:
                con.execute(f'drop table "{schema}"."{name}"')
                con.execute(statement)
        con.execute("commit")
    (target / AS_TABLES).unlink()
