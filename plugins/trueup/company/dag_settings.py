"""The company file as DAG files read it: at every parse, so without checking the whole of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from trueup import settings
from trueup.errors import CompanyFileError

#: What the DAGs are called; `INGEST` is followed by the source's name.
INGEST, BUILD_MART, HOUSEKEEPING = "ingest_", "build_mart", "housekeeping"
SEND_ALERTS = "send_alerts"


@dataclass(frozen=True)
class DagSettings:
    """The little of the company file that shapes the DAGs; the whole is checked by tasks.

    `due_minutes` holds for each source the minutes after midnight of the reporting zone, at the
    end of a day, at which that day is landed.
    """

    name: str
    time_zone: str
    due_minutes: Mapping[str, int]
    start: date
    end: date | None

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(self.due_minutes)

    @property
    def deadline_minutes(self) -> int:
        """Minutes after midnight at which no source is waited for any longer."""
        return max(self.due_minutes.values(), default=0) + settings.read().deadline_minutes


def read(path: Path | None = None) -> DagSettings:
    """The settings of the company in force. Costs one small YAML file, since every parse pays."""
    path = path or settings.read().company_file
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        return DagSettings(
            name=content["name"],
            time_zone=content["reporting"]["time_zone"],
            due_minutes={
                source: 60 * int((entry or {}).get("due_after_hours", settings.DUE_AFTER_HOURS))
                for source, entry in sorted(content["sources"].items())
            },
            start=date.fromisoformat(str(content["history"]["start"])),
            end=(end := content["history"].get("end")) and date.fromisoformat(str(end)),
        )
    except (OSError, yaml.YAMLError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise CompanyFileError(path, [f"{type(error).__name__}: {error}"]) from None
