"""What a shape declares: its columns, its key, and how its rows are accounted for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ShapeColumn:
    """One column of a shape. `type` is a DuckDB type; `required` columns are never null."""

    name: str
    type: str
    meaning: str
    required: bool = False


@dataclass(frozen=True)
class Shape:
    """What rows of one kind look like, whatever system they come from.

    `key` tells one row from every other; `money` is the column that is summed in row accounts. Of
    a witness too many rows set aside warn and never hold. In the shapes of the ledger a key that
    stands twice stops the build, because it would be counted twice; in the others it warns. A bulk
    shape is read where it was landed. `has_every_load` says that rows of loads that are no longer
    in force are among them.
    """

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[ShapeColumn, ...]
    money: str | None = None
    is_witness: bool = False
    is_ledger: bool = False
    is_bulk: bool = False
    has_every_load: bool = False

    def column(self, name: str) -> ShapeColumn:
        return next(column for column in self.columns if column.name == name)
