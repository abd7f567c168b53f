"""`trueup ...`: everything the DAGs do, by hand. What each verb does stands in commands/."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from trueup.commands import verbs
from trueup.errors import TrueupError, of_machine


def main(argv: list[str] | None = None) -> int:
    from trueup import settings

    arguments = verbs.parser().parse_args(argv)
    settings.keep_private()
    if arguments.company:
        os.environ["TRUEUP_COMPANY"] = str(Path(arguments.company).resolve())
    try:
        code: int = arguments.command(arguments)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # `trueup status | head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except TrueupError as error:
        print(f"trueup: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        if (trouble := of_machine(error, "the command did not come to its end")) is None:
            raise
        print(f"trueup: {trouble}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
