"""The verbs that speak of tracking signals and of breaks in series."""

from __future__ import annotations

import argparse
from datetime import date


def accept(arguments: argparse.Namespace) -> int:
    """expect of a tracking signal, or of an incident's, what it is from a day on: a lasting change
    that is wanted"""
    from trueup import corrections
    from trueup.errors import TrueupError

    series = arguments.signal, arguments.dimension, arguments.segment
    if arguments.undo:
        corrections.undo_accept(*series, arguments.why)
    elif arguments.since:
        corrections.accept(*series, date.fromisoformat(arguments.since), arguments.why)
    else:
        raise TrueupError(
            "a level is accepted from a day on", next_step="say from which: `--from DAY`"
        )
    return 0


def watch(arguments: argparse.Namespace) -> int:
    """find the breaks of a ratio of two columns, by day"""
    from trueup.reports import breaks

    columns = breaks.Columns(
        arguments.date, arguments.numerator, arguments.denominator, arguments.by
    )
    print(breaks.watch(arguments.table, columns, arguments.worse))
    return 0
