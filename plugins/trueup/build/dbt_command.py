"""`python -m trueup.build.dbt_command build ...`: one dbt command.

dbt makes a message of each of the ten thousand events of a build and writes it to its logs, which
is a fifth of its time. Here only what a person reads becomes a message, and it is shown. It also
writes all it knows of the project into manifest.json, a tenth of its time; here what its nodes came
to is written, with what the project says of the tests among them.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from dbt.cli.main import dbtRunner
from dbt_common.events.base_types import BaseEvent, EventLevel
from dbt_common.events.event_manager import EventManager
from dbt_common.events.event_manager_client import ctx_set_event_manager

from trueup.build import dbt_results
from trueup.build.dbt import FAILURES, NO_END

#: The parsed project is hundreds of thousands of objects that stay; looking through them for cycles
#: at Python's own pace is a fifteenth of a build's processor time.
NEW_OBJECTS_BEFORE_A_LOOK = 50_000
READ_BY_A_PERSON = (EventLevel.INFO, EventLevel.WARN, EventLevel.ERROR)


class ReadEvents(EventManager):
    """Passes by the events that nobody reads."""

    def fire_event(
        self,
        e: BaseEvent,
        level: EventLevel | None = None,
        node: Any = None,
        force_warn_or_error_handling: bool = False,
    ) -> None:
        if force_warn_or_error_handling or (level or e.level_tag()) in READ_BY_A_PERSON:
            super().fire_event(e, level, node, force_warn_or_error_handling)


def invoke(arguments: list[str], show: Callable[[str], None], *, manifest: Any = None) -> int:
    """Run it and show its lines. Returns dbt's own exit codes: 1 where nodes failed, 2 where dbt
    did not come to an end. A `manifest` saves the parsing."""

    def read(event: Any) -> None:
        if event.info.msg.strip():
            show(f"{event.info.ts.ToDatetime():%H:%M:%S}  {event.info.msg}")

    ctx_set_event_manager(ReadEvents())
    quiet = ["--log-level", "none", "--log-level-file", "none", "--no-use-colors"]
    result = dbtRunner(manifest=manifest, callbacks=[read]).invoke([*quiet, *arguments])
    if (found := getattr(result.result, "results", None)) is not None:
        write_results(Path(os.environ["DBT_TARGET_PATH"]), found)
    if result.exception:
        show(str(result.exception))
        return NO_END
    return 0 if result.success else FAILURES


def write_results(target: Path, results: Iterable[Any]) -> None:
    """What each of dbt's nodes came to, by the names that dbt's own artifacts have for it."""
    dbt_results.write(
        target,
        [
            {
                "unique_id": one.node.unique_id,
                "status": str(one.status),
                "execution_time": one.execution_time,
                "message": one.message,
                "failures": one.failures,
                "compiled_code": getattr(one.node, "compiled_code", None),
                "declared": _declared(one.node),
            }
            for one in results
        ],
    )


def _declared(node: Any) -> dict[str, Any]:
    """What the project says of a test; nothing of other nodes."""
    if node.resource_type != "test":
        return {}
    generic = getattr(node, "test_metadata", None)
    return {
        "config": node.config.to_dict(),
        "test_metadata": {"name": generic.name, "kwargs": generic.kwargs} if generic else None,
        "attached_node": getattr(node, "attached_node", None),
        "column_name": getattr(node, "column_name", None),
        "description": node.description,
        "raw_code": node.raw_code,
        "depends_on": {"nodes": node.depends_on.nodes},
    }


if __name__ == "__main__":
    gc.set_threshold(NEW_OBJECTS_BEFORE_A_LOOK, 20, 20)
    sys.exit(invoke(sys.argv[1:], partial(print, flush=True)))
