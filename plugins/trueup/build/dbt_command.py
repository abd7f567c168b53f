"""`python -m trueup.build.dbt_command build ...`: one dbt command.

dbt makes a message of each of the ten thousand events of a build and writes it to its logs, which
is a fifth of its time. Here only what a person reads becomes a message, and it is shown.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from dbt.cli.main import dbtRunner
from dbt_common.events.base_types import BaseEvent, EventLevel
from dbt_common.events.event_manager import EventManager
from dbt_common.events.event_manager_client import ctx_set_event_manager

from trueup.build.dbt import FAILURES, NO_END

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
    if result.exception:
        show(str(result.exception))
        return NO_END
    return 0 if result.success else FAILURES


if __name__ == "__main__":
    sys.exit(invoke(sys.argv[1:], partial(print, flush=True)))
