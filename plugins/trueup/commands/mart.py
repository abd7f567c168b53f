"""The verbs that build the mart, judge it, publish it and take it back."""

from __future__ import annotations

import argparse


def build(arguments: argparse.Namespace) -> int:
    """apply new loads and run dbt into the private build file"""
    from trueup import pipeline

    pipeline.build(arguments.day)
    return 0


def compare(arguments: argparse.Namespace) -> int:
    """build afresh into another file and name every mart and day that differs; exit 1 if any"""
    from trueup import pipeline

    pipeline.compare()
    return 0


def gate(arguments: argparse.Namespace) -> int:
    """judge the built marts; exit 0 pass or warn, 2 hold, 3 gate-error"""
    from trueup import pipeline

    return {"pass": 0, "warn": 0, "hold": 2, "gate-error": 3}[pipeline.gate_mart().outcome]


def publish(arguments: argparse.Namespace) -> int:
    """put the built marts in place, unless the last verdict holds them"""
    from trueup import pipeline

    pipeline.publish_unless_held(arguments.release, arguments.why)
    return 0


def rollback(arguments: argparse.Namespace) -> int:
    """go back to the mart published before this one"""
    from trueup import corrections

    print(f"now published: {corrections.rollback()}")
    return 0


def report(arguments: argparse.Namespace) -> int:
    """write the published mart as one page of HTML beside it, and print its path"""
    from trueup.company import workspace
    from trueup.reports.page import write

    print(write.write(workspace.current()))
    return 0
