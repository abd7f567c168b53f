"""`python -m trueup.build.dbt_command build ...`: one dbt command.

dbt's own loggers write out each of the ten thousand events of a build, which is an eighth of
its time. Here only what a person reads is shown.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from dbt.cli.main import dbtRunner

from trueup.build.dbt import FAILURES, NO_END

READ_BY_A_PERSON = ("info", "warn", "error")


def invoke(arguments: list[str], show: Callable[[str], None], *, manifest: Any = None) -> int:
    """Run it and show its lines. Returns dbt's own exit codes: 1 where nodes failed, 2 where dbt
    did not come to an end. A `manifest` saves the parsing."""

    def read(event: Any) -> None:
        if event.info.level in READ_BY_A_PERSON and event.info.msg.strip():
            show(f"{event.info.ts.ToDatetime():%H:%M:%S}  {event.info.msg}")

    quiet = ["--log-level", "none", "--log-level-file", "none", "--no-use-colors"]
    result = dbtRunner(manifest=manifest, callbacks=[read]).invoke([*quiet, *arguments])
    if result.exception:
        show(str(result.exception))
        return NO_END
    return 0 if result.success else FAILURES


if __name__ == "__main__":
    sys.exit(invoke(sys.argv[1:], partial(print, flush=True)))
