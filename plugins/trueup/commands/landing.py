"""The verbs that land a source, and that list and mend what is landed."""

from __future__ import annotations

import argparse

from trueup.commands import moments


def land(arguments: argparse.Namespace) -> int:
    """land one source up to a day, then gate the loads"""
    from trueup import pipeline
    from trueup.gates import requirements

    landed = pipeline.land(
        arguments.source,
        arguments.day or moments.yesterday(),
        streams=arguments.stream,
        accept_empty=arguments.accept_empty,
    )
    if arguments.no_gate:
        requirements.check_delivered(landed)
    else:
        verdict = pipeline.gate_landing(arguments.source, landed.loads, landed.failed)
        requirements.require_delivered(landed, verdict)
    return 0


def loads(arguments: argparse.Namespace) -> int:
    """list committed loads, newest last, those set aside, and those refused"""
    from trueup.company import workspace
    from trueup.landing import described

    for line in described.loads(workspace.current(), arguments.source):
        print(line)
    return 0


def rejects(arguments: argparse.Namespace) -> int:
    """list every input row that is not used, with its reason, also of loads that are not"""
    from trueup.company import workspace
    from trueup.landing import described
    from trueup.reports import left_out

    work = workspace.current()
    most = None if arguments.all else described.LISTED
    is_empty = True
    for line in described.rows_set_aside(work, arguments.source, most):
        if is_empty:
            print("Rows are counted from 1, in files from the first one below the header.")
        is_empty = False
        print(line)
    for line in left_out.lines(work, arguments.source):
        is_empty = False
        print(line)
    if is_empty:
        print("No row is set aside.")
    return 0


def reject(arguments: argparse.Namespace) -> int:
    """set a load aside: the next build behaves as if it never came"""
    from trueup import corrections

    corrections.reject(arguments.load, arguments.why)
    return 0


def restore(arguments: argparse.Namespace) -> int:
    """take a load back that was set aside"""
    from trueup import corrections

    corrections.restore(arguments.load)
    return 0


def as_of(arguments: argparse.Namespace) -> int:
    """query a stream's rows as they were known at an earlier moment, or list the moments"""
    from trueup.reports import lookups

    if arguments.moment:
        print(lookups.as_of(arguments.moment, arguments.source, arguments.stream, arguments.sql))
    else:
        for line in lookups.moments(arguments.source, arguments.stream):
            print(line)
    return 0
